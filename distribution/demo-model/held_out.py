"""What must not be in the corpus: the questions, normalised, their 8-grams, and the texts of the development set.

Normalised is: lower case; a unit is a run of Latin letters, a run of digits, one Chinese character, or one of + - = /; all else parts units.
An 8-gram is eight units in a row, so words of English and characters of Chinese.
"""
import json
import re

_UNIT = re.compile(r"[a-z\u00c0-\u024f']+|\d+|[\u3400-\u9fff]|[+\-=/]")


def units(text):
    return _UNIT.findall(text.lower())


def _spaced(parts):
    return " " + " ".join(parts) + " "


class Questions:
    def __init__(self, asked, eight_grams):
        self.asked = [_spaced(units(text)) for text in asked]
        self.grams = {tuple(u[i:i + 8]) for u in map(units, eight_grams) for i in range(len(u) - 7)}

    @staticmethod
    def read(folder):
        """What users say in the two sets; of the scored one also the system turns."""
        scored = [m["content"] for q in json.loads((folder / "questions.json").read_text("utf-8"))["questions"] for m in q["messages"]
                  if m is q["messages"][-1] or m["role"] == "system"]
        file = folder / "development.json"
        other = [q["messages"][-1]["content"] for q in json.loads(file.read_text("utf-8"))["questions"]] if file.exists() else []
        return Questions(scored + other, scored)

    def found(self, document):
        texts = [document["text"]] if "text" in document else [m["content"] for m in document["messages"]]
        return any(self.found_in(text) for text in texts)

    def found_in(self, text):
        parts = units(text)
        spaced = _spaced(parts)
        return any(asked in spaced for asked in self.asked) or \
            any(tuple(parts[i:i + 8]) in self.grams for i in range(len(parts) - 7))
