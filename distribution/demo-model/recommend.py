"""Writes into a GGUF file of version 3 how its tokens should be chosen, and leaves all else as it is, to the byte.

    python3 recommend.py --temperature 0 alcove-demo.gguf
"""
import argparse
import struct
from pathlib import Path

import gguf

TEMPERATURE = "general.sampling.temp"   # the key that llama.cpp reads, too


def recommend(path, temperature):
    data = Path(path).read_bytes()
    magic, version, tensors, pairs = struct.unpack_from("<4sIQQ", data, 0)
    if magic != b"GGUF" or version != 3:
        raise ValueError(f"{path} is no GGUF file of version 3")
    at, kept, count = 24, b"", 0
    for _ in range(pairs):
        begin = at
        key, at = gguf.read_value(data, at, gguf.TEXT)
        _, at = gguf.read_value(data, at + 4, struct.unpack_from("<I", data, at)[0])
        if key != TEMPERATURE:
            kept, count = kept + data[begin:at], count + 1
    head = at
    for _ in range(tensors):
        _, at = gguf.read_value(data, at, gguf.TEXT)
        at += 16 + 8 * struct.unpack_from("<I", data, at)[0]
    body = data[at + -at % gguf.ALIGNMENT:]
    keys = kept + gguf.pair(TEMPERATURE, gguf.FLOAT32, temperature)
    start = struct.pack("<4sIQQ", magic, version, tensors, count + 1) + keys + data[head:at]
    part = Path(str(path) + ".part")
    part.write_bytes(start + b"\0" * (-len(start) % gguf.ALIGNMENT) + body)
    part.replace(path)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--temperature", type=float, required=True)
    parser.add_argument("file", type=Path)
    given = parser.parse_args()
    recommend(given.file, given.temperature)


if __name__ == "__main__":
    main()
