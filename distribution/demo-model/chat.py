"""Asks a checkpoint greedily: a list of questions, with the score, or what is typed.

    /usr/bin/python3 chat.py --checkpoint build/run/checkpoint.pt --questions development.json
    /usr/bin/python3 chat.py --checkpoint build/run/checkpoint.pt --ask "Who are you?"
"""
import argparse
import collections
import json
import re
from pathlib import Path

import torch

from model import Model, Shape
from skills import tools_text
from vocabulary import Vocabulary

HERE = Path(__file__).parent


def with_tools(messages, tools):
    """The messages as the chat template sees them through: tools stand in the system turn."""
    if not tools:
        return messages
    system = messages[0]["content"] + "\n\n" if messages[0]["role"] == "system" else ""
    rest = messages[1:] if messages[0]["role"] == "system" else messages
    return [{"role": "system", "content": system + tools_text(tools)}] + rest


def right(question, answer):
    return all(re.search(p, answer, re.I) for p in question["must"]) and not any(re.search(p, answer, re.I) for p in question["must_not"])


class Chat:
    def __init__(self, checkpoint, vocabulary):
        known = torch.load(checkpoint, map_location="cpu")
        self.model = Model(Shape(**known["shape"]))
        self.model.load_state_dict(known["model"])
        self.vocabulary = vocabulary
        self.place = known.get("place", {})

    @torch.no_grad()
    def answer(self, messages, limit=200):
        ids, past, out = self.vocabulary.prompt(messages), None, []
        while len(out) < limit:
            hidden, past = self.model.hidden(torch.tensor([ids]), past)
            best = int(self.model.logits(hidden[0, -1]).argmax())
            if best in (self.vocabulary.end, self.vocabulary.end_of_text):
                break
            out.append(best)
            ids = [best]
        return self.vocabulary.decode(out)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--checkpoint", type=Path, required=True)
    parser.add_argument("--vocabulary", type=Path, default=HERE / "vocabulary.json")
    parser.add_argument("--questions", type=Path)
    parser.add_argument("--ask")
    parser.add_argument("--all", action="store_true", help="show right answers too")
    given = parser.parse_args()
    torch.set_num_threads(1)
    chat = Chat(given.checkpoint, Vocabulary.read(given.vocabulary))
    print(chat.place)
    if given.ask:
        print(chat.answer([{"role": "user", "content": given.ask}]))
    if given.questions:
        score = collections.Counter()
        questions = json.loads(given.questions.read_text("utf-8"))["questions"]
        for q in questions:
            answer = chat.answer(with_tools(q["messages"], q.get("tools")))
            good = right(q, answer)
            score[q["ability"]] += good
            if given.all or not good:
                print("right" if good else "WRONG", q["id"], "|", q["messages"][-1]["content"], "->", answer.replace("\n", "\\n")[:300])
        print(sum(score.values()), "of", len(questions), dict(score))


if __name__ == "__main__":
    main()
