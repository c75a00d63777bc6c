"""The tokenizer: BPE with byte fallback, as GGUF's "llama" tokenizers have it, trained on the corpus.

    python3 vocabulary.py --corpus build/corpus.jsonl --size 3072 --out vocabulary.json

Ids: <unk>, the control tokens, 256 bytes, then pieces. A merge into a piece of a higher score comes first. A space is U+2581; pieces
hold at most one, at their beginning, and never a digit beside anything, so a text may be cut at such places before it is encoded.
"""
import argparse
import collections
import heapq
import json
import re
from pathlib import Path

SPACE = "\u2581"
END_OF_TEXT, START, END = "<|endoftext|>", "<|im_start|>", "<|im_end|>"
SPECIAL = ["<unk>", END_OF_TEXT, START, END]
ROLES = ("system", "user", "assistant", "tool")
UNKNOWN_TYPE, NORMAL_TYPE, CONTROL_TYPE, BYTE_TYPE = 2, 1, 3, 6
LONGEST_HAN = 3
_HAN = "\u3400-\u9fff"
_LATIN = "A-Za-z\u00c0-\u024f"
_CHUNK = re.compile(f"{SPACE}?[{_LATIN}]+|{SPACE}?[{_HAN}]+|{SPACE}?[^{_LATIN}{_HAN}{SPACE}0-9\n]+|.|\n")


def chunks(text):
    return _CHUNK.findall(text.replace(" ", SPACE))


class Vocabulary:
    def __init__(self, pieces):
        """Pieces, best first."""
        self.tokens = SPECIAL + [f"<0x{b:02X}>" for b in range(256)] + pieces
        self.types = [UNKNOWN_TYPE] + [CONTROL_TYPE] * (len(SPECIAL) - 1) + [BYTE_TYPE] * 256 + [NORMAL_TYPE] * len(pieces)
        self.scores = [0.0] * (len(SPECIAL) + 256) + [-float(i) for i in range(len(pieces))]
        self.first_byte = len(SPECIAL)
        self.ids = {piece: self.first_byte + 256 + i for i, piece in enumerate(pieces)}
        self.end_of_text, self.start, self.end = 1, 2, 3
        self._known = {}

    @staticmethod
    def read(path):
        return Vocabulary(json.loads(Path(path).read_text("utf-8"))["pieces"])

    def __len__(self):
        return len(self.tokens)

    def encode(self, text):
        """Ids of a text without control tokens."""
        out = []
        for chunk in chunks(text):
            known = self._known.get(chunk)
            if known is None:
                known = self._encode(chunk)
                if len(self._known) < 300000:
                    self._known[chunk] = known
            out += known
        return out

    def _encode(self, chunk):
        parts = list(chunk)
        while True:
            best, at = None, -1
            for i in range(len(parts) - 1):
                rank = self.ids.get(parts[i] + parts[i + 1])
                if rank is not None and (best is None or rank < best):
                    best, at = rank, i
            if best is None:
                break
            parts[at:at + 2] = [parts[at] + parts[at + 1]]
        out = []
        for part in parts:
            if part in self.ids:
                out.append(self.ids[part])
            else:
                out += [self.first_byte + b for b in part.encode("utf-8")]
        return out

    def decode(self, ids):
        """Text of ids; control tokens are left out."""
        data = bytearray()
        for i in ids:
            if self.types[i] == BYTE_TYPE:
                data.append(i - self.first_byte)
            elif self.types[i] == NORMAL_TYPE:
                data += self.tokens[i].replace(SPACE, " ").encode("utf-8")
        return data.decode("utf-8", "replace")

    def message(self, role, content):
        """(ids before the content, ids of the content, ids after it) in the ChatML layout."""
        return [self.start] + self.encode(role + "\n"), self.encode(content), [self.end] + self.encode("\n")

    def prompt(self, messages):
        """Ids of a conversation up to where the assistant begins."""
        out = []
        for m in messages:
            content = f"<tool_response>\n{m['content']}\n</tool_response>" if m["role"] == "tool" else m["content"]
            for part in self.message(m["role"], content):
                out += part
        return out + [self.start] + self.encode("assistant\n")


def train(counts, size):
    """Pieces for a total size, best first: merges in the order they were made, then single characters."""
    characters = collections.Counter()
    words = []
    for chunk, count in counts.items():
        for c in chunk:
            characters[c] += count
        words.append([list(chunk), count])
    alphabet = sorted({chr(c) for c in range(33, 127)} | {SPACE} | {c for c, n in characters.items() if n >= 2 and c != "\n"})
    room = size - len(SPECIAL) - 256 - len(alphabet)
    pairs, places = collections.Counter(), collections.defaultdict(set)
    for index, (parts, count) in enumerate(words):
        for pair in zip(parts, parts[1:]):
            pairs[pair] += count
            places[pair].add(index)
    queue = [(-n, pair) for pair, n in pairs.items()]
    heapq.heapify(queue)
    merged = []
    taken = set()
    while queue and len(merged) < room:
        n, pair = heapq.heappop(queue)
        if -n != pairs[pair] or n == 0:
            if pairs[pair] > 0 and -n > pairs[pair]:
                heapq.heappush(queue, (-pairs[pair], pair))
            continue
        piece = pair[0] + pair[1]
        if len(piece.lstrip(SPACE)) > LONGEST_HAN and "\u3400" < piece[-1] < "\ua000":
            continue                                           # whole sentences of the corpus would become tokens
        if piece not in taken:
            taken.add(piece)
            merged.append(piece)
        _merge(pair, piece, words, pairs, places, queue)
    return merged + alphabet


def _merge(pair, piece, words, pairs, places, queue):
    changed = set()
    for index in sorted(places.pop(pair, ())):
        parts, count = words[index]
        for old in zip(parts, parts[1:]):
            pairs[old] -= count
        at = 0
        while at < len(parts) - 1:
            if (parts[at], parts[at + 1]) == pair:
                parts[at:at + 2] = [piece]
            at += 1
        for new in zip(parts, parts[1:]):
            pairs[new] += count
            places[new].add(index)
            changed.add(new)
    for new in changed:
        if pairs[new] > 0:
            heapq.heappush(queue, (-pairs[new], new))


def count(path, documents):
    counts = collections.Counter()
    with open(path, encoding="utf-8") as lines:
        for number, line in enumerate(lines):
            if number == documents:
                break
            made = json.loads(line)
            for text in [made["text"]] if "text" in made else [m["content"] for m in made["messages"]]:
                counts.update(chunks(text))
    for role in ROLES:
        counts[role] += 10 * documents
    return counts


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--corpus", type=Path, required=True)
    parser.add_argument("--documents", type=int, default=40000)
    parser.add_argument("--least", type=int, default=4, help="how often a word must occur to be counted")
    parser.add_argument("--size", type=int, default=3072)
    parser.add_argument("--out", type=Path, required=True)
    given = parser.parse_args()
    counts = {chunk: n for chunk, n in sorted(count(given.corpus, given.documents).items()) if n >= given.least}
    pieces = train(counts, given.size)
    print(len(counts), "words,", len(pieces), "pieces,", len(SPECIAL) + 256 + len(pieces), "tokens")
    given.out.write_text(json.dumps({"pieces": pieces}, ensure_ascii=False, indent=0), "utf-8")


if __name__ == "__main__":
    main()
