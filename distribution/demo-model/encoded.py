"""Writes lines of a corpus, and odd ones, with their ids, for a test that Alcove's tokenizer gives the same: encoded.txt and encoded.ids.

    python3 encoded.py
"""
from pathlib import Path

import corpus
from held_out import Questions
from vocabulary import Vocabulary

HERE = Path(__file__).parent
ODD = ["  two  spaces ", "1234 + 5 = ?", "Emoji \U0001f600 \u00fcn\u00ef \u6f22\u5b57\u3002", "tab\there", "'''\"\"...!!", "<|im_start|> is text here, <0x0A> too",
       "./alcove serve --model x86_64.gguf"]


def text():
    lines = [m["content"] for d in corpus.documents(21, 150, Questions.read(HERE), "short") if "messages" in d for m in d["messages"]]
    return "\n".join(lines + ODD) + "\n"


if __name__ == "__main__":
    whole = text()
    (HERE / "encoded.txt").write_text(whole, "utf-8")
    ids = Vocabulary.read(HERE / "vocabulary.json").encode(whole)
    (HERE / "encoded.ids").write_text(" ".join(map(str, ids)) + "\n", "utf-8")
