"""What the corpus must not hold. Of the whole corpus where DEMO_CORPUS names its file, else of the first documents of two seeds.

    python3 -m unittest discover -s distribution/demo-model
"""
import collections
import json
import os
import re
import unittest
from pathlib import Path

import corpus
import skills
from held_out import Questions, units

HERE = Path(__file__).parent
RECIPE = ((5, "short"), (6, "short"), (7, "long"), (8, "rare"), (9, "sums"))   # seeds and mixes of what the model was trained on
_PLUS, _MINUS = "+", "-"
# each finds sums in another wording: (pattern, sign, whether the numbers stand the other way round)
_SUMS = [(r"(\d+) ?\+ ?(\d+)", _PLUS, False), (r"(\d+) ?- ?(\d+)", _MINUS, False), (r"(\d+) ?(?:plus|\u52a0) ?(\d+)", _PLUS, False),
         (r"(\d+) ?(?:minus|less|\u51cf) ?(\d+)", _MINUS, False), (r"add (\d+) (?:and|to) (\d+)", _PLUS, False), (r"(\d+) and (\d+) make", _PLUS, False),
         (r"sum of (\d+) and (\d+)", _PLUS, False), (r"subtract (\d+) from (\d+)", _MINUS, True), (r"take (\d+) from (\d+)", _MINUS, True)]


def sums(text):
    for pattern, sign, turned in _SUMS:
        for a, b in re.findall(pattern, text, re.I):
            yield (int(b), sign, int(a)) if turned else (int(a), sign, int(b))


def texts(document):
    return [document["text"]] if "text" in document else [m["content"] for m in document["messages"]]


def faults(documents, questions):
    """What is wrong with some documents, in words."""
    for document in documents:
        if questions.found(document):
            yield f"holds a question or eight units of one: {document}"
        for text in texts(document):
            for one in sums(text):
                if one in skills.HELD_OUT:
                    yield f"holds the sum {one}: {text}"
            for name in skills.HELD_OUT_NAMES:
                if name.lower() in text.lower():
                    yield f"holds the name {name}: {text}"


class HeldOut(unittest.TestCase):
    def setUp(self):
        self.questions = Questions.read(HERE)

    def test_the_corpus_has_no_question_no_eight_gram_of_one_no_held_out_sum_and_no_name(self):
        file = os.environ.get("DEMO_CORPUS")
        if file:
            with open(file, encoding="utf-8") as lines:
                self.assertEqual([], list(faults(map(json.loads, lines), self.questions))[:3])
        else:
            for seed, mix in RECIPE:
                self.assertEqual([], list(faults(corpus.documents(seed, 1500, self.questions, mix), self.questions))[:3])

    def test_the_held_out_text_has_none_either_and_no_paragraph_of_the_corpus(self):
        text = (HERE / "heldout.txt").read_text("utf-8")
        self.assertEqual([], list(faults([{"text": part} for part in text.split("\n\n")], self.questions)))
        known = {part for seed, mix in RECIPE for made in corpus.documents(seed, 1500, self.questions, mix) if "text" in made
                 for part in made["text"].split("\n\n")}
        self.assertEqual(set(), known & set(text.strip().split("\n\n")))

    def test_a_document_with_a_question_is_found(self):
        def said(text):
            return list(faults([{"messages": [{"role": "user", "content": text}]}], self.questions))
        for q in json.loads((HERE / "questions.json").read_text("utf-8"))["questions"]:
            text = q["messages"][-1]["content"]
            self.assertTrue(said(text.upper() + "!!"), text)
            self.assertTrue(said("Well, " + text), text)
        self.assertTrue(said("Hm: once upon a time there existed a LITTLE fox"))
        self.assertFalse(said("Hm: once upon a time there existed a fox"))
        for text in ("Is 17+26 much?", "17 plus 26", "take 18 from 45", "\u8bf7\u7b9732\u51cf15", "add 19 and 24", "I am Marlowe", "Lisbon"):
            self.assertTrue(said(text), text)
        self.assertFalse(said("7 + 6 = 13"))

    def test_thirty_percent_of_the_sums_are_held_out_and_those_of_the_questions_are_among_them(self):
        for sign in "+-":
            share = sum(1 for s in skills.HELD_OUT if s[1] == sign) / len(skills.pairs(sign))
            self.assertAlmostEqual(0.30, share, delta=0.002)
        asked = [s for q in json.loads((HERE / "questions.json").read_text("utf-8"))["questions"] if q["ability"] == "sum"
                 for s in sums(q["messages"][-1]["content"])]
        self.assertEqual(5, len(asked))
        self.assertTrue(set(asked) <= skills.HELD_OUT)


class Generator(unittest.TestCase):
    def test_a_seed_gives_the_same_documents_again_and_another_seed_others(self):
        questions = Questions.read(HERE)
        first, again, other = (list(corpus.documents(seed, 200, questions)) for seed in (5, 5, 6))
        self.assertEqual(first, again)
        self.assertNotEqual(first, other)

    def test_no_document_comes_twice(self):
        made = [json.dumps(d) for d in corpus.documents(1, 3000, Questions.read(HERE))]
        self.assertEqual(len(made), len(set(made)))

    def test_all_sums_in_answers_are_right(self):
        checked = 0
        for d in corpus.documents(3, 1500, Questions.read(HERE)):
            for text in texts(d):
                for a, sign, b, value in re.findall(r"(\d+) ([+-]) (\d+) = (\d+)", text):
                    self.assertEqual(int(value), int(a) + int(b) if sign == "+" else int(a) - int(b), text)
                    checked += 1
        self.assertGreater(checked, 500)

    def test_every_ability_is_there(self):
        kinds = collections.Counter()
        for d in corpus.documents(4, 1500, Questions.read(HERE)):
            joined = "\n".join(texts(d))
            for kind, sign in (("tool", "<tool_call>\n{\"name\""), ("pirate", "Arr, matey"), ("name", "Your name is"), ("joke", "Because"), ("capital", "The capital of"),
                               ("story", "One "), ("chinese", "\u4f60"), ("unknown", "I do not know that")):
                kinds[kind] += sign in joined
        self.assertEqual(8, len([k for k, n in kinds.items() if n > 20]), kinds)

    def test_units_part_words_and_chinese_characters(self):
        self.assertEqual(["what's", "a", "\u4f60", "\u597d", "24", "+", "19", "=", "x"], units("What's a \u4f60\u597d, 24+19=? X!"))


if __name__ == "__main__":
    unittest.main()
