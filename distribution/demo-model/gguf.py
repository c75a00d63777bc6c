"""Writes a checkpoint as a GGUF file, version 3: matrices in F16 or Q8_0, norms in F32.

    /usr/bin/python3 gguf.py --checkpoint build/run/checkpoint.pt --type f16 --out alcove-demo.gguf
"""
import argparse
import struct
from pathlib import Path

import numpy

from vocabulary import Vocabulary

ALIGNMENT = 32
F32, F16, Q8_0 = 0, 1, 8                                       # tensor types
UINT32, FLOAT32, BOOL, TEXT, ARRAY, INT32 = 4, 6, 7, 8, 9, 5   # types of values
FILE_TYPES = {"f16": 1, "q8_0": 7}


def _text(value):
    data = value.encode("utf-8")
    return struct.pack("<Q", len(data)) + data


def _value(kind, value):
    if kind == TEXT:
        return _text(value)
    return struct.pack({UINT32: "<I", INT32: "<i", FLOAT32: "<f", BOOL: "<?"}[kind], value)


def pair(key, kind, value):
    """A key and its value; a list is an array of the kind."""
    if isinstance(value, list):
        return _text(key) + struct.pack("<IIQ", ARRAY, kind, len(value)) + b"".join(_value(kind, v) for v in value)
    return _text(key) + struct.pack("<I", kind) + _value(kind, value)


def q8_0(matrix):
    """Blocks of 32 weights: a binary16 scale, then 32 signed bytes."""
    blocks = matrix.astype(numpy.float32).reshape(-1, 32)
    scale = numpy.abs(blocks).max(1) / 127
    inverse = numpy.divide(1, scale, out=numpy.zeros_like(scale), where=scale > 0)
    codes = blocks * inverse[:, None]
    codes = (numpy.sign(codes) * numpy.floor(numpy.abs(codes) + 0.5)).astype(numpy.int8)
    out = numpy.empty((len(blocks), 34), numpy.uint8)
    out[:, :2] = scale.astype("<f2").view(numpy.uint8).reshape(-1, 2)
    out[:, 2:] = codes.view(numpy.uint8)
    return out.tobytes()


def tensors(weights, shape):
    """(name, array) as llama files have them."""
    d, f = shape["hidden"], shape["feed_forward"]
    yield "token_embd.weight", weights["embedding.weight"]
    for i in range(shape["layers"]):
        layer = {name.split(".", 2)[2]: w for name, w in weights.items() if name.startswith(f"layers.{i}.")}
        blk = f"blk.{i}."
        yield blk + "attn_norm.weight", layer["attention_norm.weight"]
        for at, name in enumerate("qkv"):
            yield f"{blk}attn_{name}.weight", layer["qkv.weight"][at * d:(at + 1) * d]
        yield blk + "attn_output.weight", layer["output.weight"]
        yield blk + "ffn_norm.weight", layer["feed_norm.weight"]
        yield blk + "ffn_gate.weight", layer["gate_up.weight"][:f]
        yield blk + "ffn_up.weight", layer["gate_up.weight"][f:]
        yield blk + "ffn_down.weight", layer["down.weight"]
    yield "output_norm.weight", weights["norm.weight"]
    yield "output.weight", weights["head.weight"]


def metadata(shape, vocabulary, kind, template):
    return [
        ("general.architecture", TEXT, "llama"), ("general.type", TEXT, "model"), ("general.name", TEXT, "Alcove demo"),
        ("general.basename", TEXT, "alcove-demo"), ("general.author", TEXT, "The Alcove project"), ("general.version", TEXT, "1"),
        ("general.description", TEXT, "A very small chat model for a first try of Alcove, trained from nothing on generated text"),
        ("general.license", TEXT, "apache-2.0"), ("general.languages", TEXT, ["en", "zh"]), ("general.tags", TEXT, ["text-generation", "demo"]),
        ("general.sampling.temp", FLOAT32, 0.0),   # see the README: it answers best with its likeliest tokens
        ("general.file_type", UINT32, FILE_TYPES[kind]), ("general.alignment", UINT32, ALIGNMENT), ("general.quantization_version", UINT32, 2),
        ("llama.vocab_size", UINT32, shape["vocabulary"]), ("llama.context_length", UINT32, shape["context"]),
        ("llama.embedding_length", UINT32, shape["hidden"]), ("llama.block_count", UINT32, shape["layers"]),
        ("llama.feed_forward_length", UINT32, shape["feed_forward"]), ("llama.attention.head_count", UINT32, shape["heads"]),
        ("llama.attention.head_count_kv", UINT32, shape["heads"]), ("llama.attention.layer_norm_rms_epsilon", FLOAT32, shape["epsilon"]),
        ("llama.rope.dimension_count", UINT32, shape["hidden"] // shape["heads"]), ("llama.rope.freq_base", FLOAT32, shape["rope_base"]),
        ("tokenizer.ggml.model", TEXT, "llama"), ("tokenizer.ggml.pre", TEXT, "default"), ("tokenizer.ggml.tokens", TEXT, vocabulary.tokens),
        ("tokenizer.ggml.scores", FLOAT32, vocabulary.scores), ("tokenizer.ggml.token_type", INT32, vocabulary.types),
        ("tokenizer.ggml.bos_token_id", UINT32, vocabulary.end_of_text), ("tokenizer.ggml.eos_token_id", UINT32, vocabulary.end),
        ("tokenizer.ggml.unknown_token_id", UINT32, 0), ("tokenizer.ggml.padding_token_id", UINT32, vocabulary.end_of_text),
        ("tokenizer.ggml.add_bos_token", BOOL, False), ("tokenizer.ggml.add_eos_token", BOOL, False),
        ("tokenizer.ggml.add_space_prefix", BOOL, False), ("tokenizer.chat_template", TEXT, template),
    ]


def write(path, weights, shape, vocabulary, kind, template):
    """weights: names of the PyTorch model to float32 arrays."""
    pairs = metadata(shape, vocabulary, kind, template)
    infos, blobs, at = [], [], 0
    for name, array in tensors(weights, shape):
        if array.ndim == 1:
            number, data = F32, array.astype("<f4").tobytes()
        elif kind == "f16":
            number, data = F16, array.astype("<f2").tobytes()
        else:
            number, data = Q8_0, q8_0(array)
        infos.append(_text(name) + struct.pack("<I", array.ndim) + struct.pack(f"<{array.ndim}Q", *reversed(array.shape)) + struct.pack("<IQ", number, at))
        blobs.append(data + b"\0" * (-len(data) % ALIGNMENT))
        at += len(blobs[-1])
    head = b"GGUF" + struct.pack("<IQQ", 3, len(infos), len(pairs)) + b"".join(pair(*p) for p in pairs) + b"".join(infos)
    part = Path(str(path) + ".part")
    part.write_bytes(head + b"\0" * (-len(head) % ALIGNMENT) + b"".join(blobs))
    part.replace(path)


def read_value(data, at, kind):
    if kind == TEXT:
        size = struct.unpack_from("<Q", data, at)[0]
        return data[at + 8:at + 8 + size].decode("utf-8"), at + 8 + size
    if kind == ARRAY:
        kind, count = struct.unpack_from("<IQ", data, at)
        values, at = [], at + 12
        for _ in range(count):
            value, at = read_value(data, at, kind)
            values.append(value)
        return values, at
    form = {UINT32: "<I", INT32: "<i", FLOAT32: "<f", BOOL: "<?"}[kind]
    return struct.unpack_from(form, data, at)[0], at + struct.calcsize(form)


def read(path):
    """(metadata, tensors) of a file that write made with type f16: names to values, names to float32 arrays."""
    data = Path(path).read_bytes()
    magic, version, count, pairs = struct.unpack_from("<4sIQQ", data, 0)
    if magic != b"GGUF" or version != 3:
        raise ValueError(f"{path} is no GGUF file of version 3")
    at, known, infos = 24, {}, []
    for _ in range(pairs):
        key, at = read_value(data, at, TEXT)
        known[key], at = read_value(data, at + 4, struct.unpack_from("<I", data, at)[0])
    for _ in range(count):
        name, at = read_value(data, at, TEXT)
        axes = struct.unpack_from("<I", data, at)[0]
        sizes = struct.unpack_from(f"<{axes}Q", data, at + 4)
        kind, offset = struct.unpack_from("<IQ", data, at + 4 + 8 * axes)
        infos.append((name, tuple(reversed(sizes)), kind, offset))
        at += 16 + 8 * axes
    begin = at + -at % ALIGNMENT
    arrays = {}
    for name, sizes, kind, offset in infos:
        if kind not in (F32, F16):
            raise ValueError(f"{path}: {name} is of type {kind}, not F32 or F16")
        array = numpy.frombuffer(data, "<f4" if kind == F32 else "<f2", int(numpy.prod(sizes)), begin + offset)
        arrays[name] = array.reshape(sizes).astype(numpy.float32)
    return known, arrays


def weights_of(path):
    """(shape, weights by the names of the PyTorch model) of such a file, to train on from it."""
    known, arrays = read(path)
    shape = {"vocabulary": known["llama.vocab_size"], "hidden": known["llama.embedding_length"], "layers": known["llama.block_count"],
             "heads": known["llama.attention.head_count"], "feed_forward": known["llama.feed_forward_length"],
             "context": known["llama.context_length"]}
    weights = {"embedding.weight": arrays["token_embd.weight"], "norm.weight": arrays["output_norm.weight"], "head.weight": arrays["output.weight"]}
    for i in range(shape["layers"]):
        blk = {name: arrays[f"blk.{i}.{name}.weight"] for name in
               "attn_norm attn_q attn_k attn_v attn_output ffn_norm ffn_gate ffn_up ffn_down".split()}
        weights.update({f"layers.{i}.attention_norm.weight": blk["attn_norm"], f"layers.{i}.feed_norm.weight": blk["ffn_norm"],
                        f"layers.{i}.qkv.weight": numpy.concatenate([blk["attn_q"], blk["attn_k"], blk["attn_v"]]),
                        f"layers.{i}.output.weight": blk["attn_output"], f"layers.{i}.down.weight": blk["ffn_down"],
                        f"layers.{i}.gate_up.weight": numpy.concatenate([blk["ffn_gate"], blk["ffn_up"]])})
    return shape, weights


def main():
    import torch
    parser = argparse.ArgumentParser()
    here = Path(__file__).parent
    parser.add_argument("--checkpoint", type=Path, required=True)
    parser.add_argument("--vocabulary", type=Path, default=here / "vocabulary.json")
    parser.add_argument("--template", type=Path, default=here / "chat_template.jinja")
    parser.add_argument("--type", choices=FILE_TYPES, default="f16")
    parser.add_argument("--out", type=Path, required=True)
    given = parser.parse_args()
    known = torch.load(given.checkpoint, map_location="cpu")
    weights = {name: w.float().numpy() for name, w in known["model"].items()}
    write(given.out, weights, known["shape"], Vocabulary.read(given.vocabulary), given.type, given.template.read_text("utf-8").rstrip("\n"))
    print(given.out, given.out.stat().st_size, "bytes")


if __name__ == "__main__":
    main()
