"""Trains the demo model on two CPU cores; stops and goes on where it was.

    OMP_NUM_THREADS=2 /usr/bin/python3 train.py --corpus build/corpus.jsonl --tokens 9000000 --run build/run

The rate of learning rises over the first steps, stays, and falls to nothing over the last part of the tokens. A checkpoint holds the
weights, the optimizer and the place in the corpus; the order of the corpus follows from the seed alone. Loss counts only what the
assistant says, and plain text.
"""
import argparse
import json
import os
import time
from pathlib import Path

import numpy
import torch

import gguf
from model import Model, Shape
from muon import Muon
from vocabulary import Vocabulary


def encode(document, vocabulary):
    """(ids, wanted): wanted is 1 where the model is to learn to write the id."""
    if "text" in document:
        ids = [vocabulary.end_of_text] + vocabulary.encode(document["text"]) + [vocabulary.end_of_text]
        return ids, [1] * len(ids)
    ids, wanted = [], []
    for m in document["messages"]:
        content = f"<tool_response>\n{m['content']}\n</tool_response>" if m["role"] == "tool" else m["content"]
        before, inside, after = vocabulary.message(m["role"], content)
        said = m["role"] == "assistant"
        ids += before + inside + after
        wanted += [0] * len(before) + [int(said)] * (len(inside) + 1) + [0] * (len(after) - 1)
    return ids, wanted


class Corpus:
    """Documents as one array of ids, with where each begins."""

    def __init__(self, path, vocabulary, context):
        ids, wanted, starts = [], [], [0]
        with open(path, encoding="utf-8") as lines:
            for line in lines:
                one, want = encode(json.loads(line), vocabulary)
                ids.append(numpy.array(one[:context + 1], numpy.int16))
                wanted.append(numpy.array(want[:context + 1], bool))
                starts.append(starts[-1] + len(ids[-1]))
        self.ids, self.wanted, self.starts = numpy.concatenate(ids), numpy.concatenate(wanted), numpy.array(starts)

    def __len__(self):
        return len(self.starts) - 1

    def batches(self, seed, size, pool=3000):
        """Lists of documents of like length, about size ids each, for one time through the corpus."""
        random = numpy.random.default_rng(seed)
        order = random.permutation(len(self))
        lengths = numpy.diff(self.starts)
        for at in range(0, len(order), pool):
            some = order[at:at + pool]
            some = some[numpy.argsort(lengths[some], kind="stable")]
            batches, batch = [], []
            for document in some:
                if batch and (len(batch) + 1) * lengths[document] > size:
                    batches.append(batch)
                    batch = []
                batch.append(document)
            batches.append(batch)
            for index in random.permutation(len(batches)):
                yield batches[index]

    def tensors(self, batch):
        longest = max(self.starts[d + 1] - self.starts[d] for d in batch)
        ids, wanted = torch.zeros(len(batch), longest, dtype=torch.long), torch.zeros(len(batch), longest, dtype=torch.bool)
        for row, d in enumerate(batch):
            start, end = self.starts[d], self.starts[d + 1]
            ids[row, :end - start] = torch.from_numpy(self.ids[start:end].astype(numpy.int64))
            wanted[row, :end - start] = torch.from_numpy(self.wanted[start:end])
        return ids, wanted


def rate(given, step, tokens):
    """Share of the full rates of learning."""
    warm = min(1, (step + 1) / given.warm)
    left = (given.tokens - tokens) / max(1, given.tokens * given.fall)
    return warm * min(1, max(0.0, left)) if given.fall else warm


class Optimizers:
    """Muon for the layers' matrices, AdamW for the embedding, the head and the norms."""

    def __init__(self, model, given):
        layers = [(name, p) for name, p in model.named_parameters() if p.dim() == 2 and name.startswith("layers")]
        kinds = (("qkv", 3), ("output", 1), ("gate_up", 2), ("down", 1))
        self.muon = Muon([{"params": [p for name, p in layers if f".{kind}." in name], "parts": parts} for kind, parts in kinds],
                         weight_decay=given.decay)
        self.adam = torch.optim.AdamW([{"params": [p for p in model.parameters() if p.dim() != 2] + [model.head.weight], "times": 1.0},
                                       {"params": [model.embedding.weight], "times": given.embedding}], betas=(0.9, 0.95), weight_decay=0.0)
        self.given = given

    def step(self, share):
        """One step at a share of the full rates."""
        for optimizer, full in ((self.muon, self.given.rate), (self.adam, self.given.rate_adam)):
            for group in optimizer.param_groups:
                group["lr"] = full * share * group.get("times", 1.0)
            optimizer.step()

    def state_dict(self):
        return {"muon": self.muon.state_dict(), "adam": self.adam.state_dict()}

    def load_state_dict(self, state):
        self.muon.load_state_dict(state["muon"])
        self.adam.load_state_dict(state["adam"])


def save(path, model, optimizer, place):
    part = path.with_suffix(".part")
    torch.save({"shape": model.shape.to_dict(), "model": model.state_dict(), "optimizer": optimizer.state_dict(), "place": place}, part)
    os.replace(part, path)


def start(model, optimizer, path):
    """Takes weights, and from a checkpoint the momenta."""
    if path.suffix == ".gguf":
        model.load_state_dict({name: torch.from_numpy(w.copy()) for name, w in gguf.weights_of(path)[1].items()})
    else:
        known = torch.load(path)
        model.load_state_dict(known["model"])
        optimizer.load_state_dict(known["optimizer"])


def train(given, stop=lambda step: False):
    """Trains until the tokens are used up or stop says so; the losses of its steps."""
    torch.manual_seed(given.seed)
    torch.set_num_threads(given.threads)
    given.run.mkdir(parents=True, exist_ok=True)
    vocabulary = Vocabulary.read(given.vocabulary)
    shape = Shape(vocabulary=len(vocabulary), layers=given.layers)
    model = Model(shape)
    optimize = Optimizers(model, given)
    place = {"step": 0, "tokens": 0, "round": 0, "batch": 0, "seconds": 0.0}
    checkpoint = given.run / "checkpoint.pt"
    if checkpoint.exists():
        known = torch.load(checkpoint)
        model.load_state_dict(known["model"])
        optimize.load_state_dict(known["optimizer"])
        place = known["place"]
    elif given.start:
        start(model, optimize, given.start)
    corpus = Corpus(given.corpus, vocabulary, shape.context)
    print(len(corpus), "documents,", len(corpus.ids), "tokens,", int(corpus.wanted.sum()), "of them to learn;",
          sum(p.numel() for p in model.parameters()), "parameters", flush=True)
    losses = []
    begin, kept, recent = time.time() - place["seconds"], time.time(), []
    while place["tokens"] < given.tokens:
        for number, batch in enumerate(corpus.batches((given.seed, place["round"]), given.batch)):
            if number < place["batch"]:
                continue
            ids, wanted = corpus.tensors(batch)
            share = rate(given, place["step"], place["tokens"])
            loss = model.loss(ids, wanted)
            model.zero_grad(set_to_none=True)
            loss.backward()
            torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
            optimize.step(share)
            losses.append(loss.item())
            recent.append(losses[-1])
            place.update(step=place["step"] + 1, tokens=place["tokens"] + ids.numel(), batch=number + 1, seconds=time.time() - begin)
            if place["step"] % 20 == 0:
                with open(given.run / "loss.csv", "a", encoding="utf-8") as log:
                    log.write(f"{place['step']},{place['tokens']},{place['seconds']:.0f},{sum(recent) / len(recent):.4f},{share:.4f}\n")
                recent = []
            if time.time() - kept > given.every:
                save(checkpoint, model, optimize, place)
                kept = time.time()
            if place["tokens"] >= min(given.tokens, given.stop) or stop(place["step"]):
                save(checkpoint, model, optimize, place)
                return losses
        place.update(round=place["round"] + 1, batch=0)
    return losses


def arguments():
    parser = argparse.ArgumentParser()
    parser.add_argument("--corpus", type=Path, required=True)
    parser.add_argument("--vocabulary", type=Path, default=Path(__file__).parent / "vocabulary.json")
    parser.add_argument("--run", type=Path, required=True, help="folder of the checkpoint and the log; what is there is gone on with")
    parser.add_argument("--start", type=Path, help="where the run has no checkpoint yet: another run's, or a GGUF file in F16, whose weights are taken")
    parser.add_argument("--tokens", type=int, required=True)
    parser.add_argument("--stop", type=int, default=1 << 60, help="tokens after which to stop before that")
    parser.add_argument("--fall", type=float, default=0.3, help="share of the tokens over which the rate falls")
    parser.add_argument("--rate", type=float, default=0.015, help="of Muon")
    parser.add_argument("--rate-adam", type=float, default=2e-3)
    parser.add_argument("--embedding", type=float, default=5.0, help="how much faster the embedding learns, being larger")
    parser.add_argument("--warm", type=int, default=40, help="steps")
    parser.add_argument("--decay", type=float, default=0.3, help="of the layers' matrices")
    parser.add_argument("--batch", type=int, default=2048, help="tokens")
    parser.add_argument("--layers", type=int, default=6)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--every", type=float, default=120, help="seconds between checkpoints")
    return parser


if __name__ == "__main__":
    train(arguments().parse_args())
