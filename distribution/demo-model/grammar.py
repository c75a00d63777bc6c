"""Texts with choices: [a|b|c] is one of three, [|very] may be nothing; choices nest."""
import re

_PART = re.compile(r"[\[\]|]|[^\[\]|]+")


def parse(text):
    """A sequence: a list of strings and of choices; a choice is a tuple of sequences."""
    tokens = _PART.findall(text)
    place = 0

    def sequence(inside):
        nonlocal place
        parts = []
        while place < len(tokens) and not (inside and tokens[place] in "|]"):
            token = tokens[place]
            place += 1
            if token == "[":
                options = [sequence(True)]
                while tokens[place] == "|":
                    place += 1
                    options.append(sequence(True))
                place += 1                                     # the closing bracket
                parts.append(tuple(options))
            else:
                parts.append(token)
        return parts

    return sequence(False)


_PARSED = {}


def expand(text, random):
    """One of the texts that a text with choices stands for."""
    if text not in _PARSED:
        _PARSED[text] = parse(text)

    def say(parts):
        return "".join(part if isinstance(part, str) else say(part[int(random.random() * len(part))]) for part in parts)

    return say(_PARSED[text])
