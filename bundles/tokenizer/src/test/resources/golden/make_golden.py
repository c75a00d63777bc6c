# Regenerates the golden files beside it: small tokenizers trained here, and the ids the tokenizers library gives.
# Run: pip install tokenizers==0.23.2 sentencepiece==0.2.2 && python make_golden.py
import json, os, random
from tokenizers import Tokenizer, AddedToken, Regex, models, normalizers, pre_tokenizers, decoders, processors, trainers

HERE = os.path.dirname(os.path.abspath(__file__))
WORDS = ("the cat saw a big red ball and it was too high for her mom we're they'll I'd don't DON'T he's 'tis "
         "für Grüße naïve façade Москва привет мир 你好 世界 東京 こんにちは カタカナ 안녕하세요 สวัสดี नमस्ते مرحبا שלום "
         "x=1; def f(a_b): return a+b*2 #note http://a.io/?q=1&r=2 3.14159 1234567 12 007 ½ ² Ⅷ ٣٤ "
         "🦙 😶‍🌫️ 🚀🚀 e\u0301 ﬁ Ω ϵ ſ ’s — … « » ¿ \u00a0 \u3000 \u200b \t \n \r\n \n\n   \x00").split(" ")
random.seed(7)

def corpus(lines):
    for _ in range(lines):
        yield " ".join(random.choice(WORDS) for _ in range(random.randint(1, 12)))

def texts():
    yield from ["", " ", "  ", "\n", " \n ", "\t\t\n\n x", "Hello", " Hello", "  Hello  world ", "cat<|sep|>cat", "a<tool>b <tool> c",
                "cat <|end|> cat", "<s>cat</s>", "we'RE DON'T", "\u00a0cat", "\u3000 cat", "x\r\n\r\ny", "1234567890 12 3",
                "🦙🦙 a🦙", "e\u0301te\u0301", "ÅÅ", "ab" * 40, " " * 50 + "x", "▁cat ▁ ▁▁cat", "<0x41> <0x0A>", "ſ's 'ſ 'S", "ﬁn"]
    alphabet = list("ab cd'strevml  \n\t.,!?<>|_-") + ["é", "ß", "Ж", "你", "の", "한", "ส", "א", "٣", "½", "🦙", "\u200d", "\u0301",
                "\u00a0", "\u2028", "\u3000", "\x85", "\x1c", "\x00", "▁", "\ufffd", "İ", "Σ"]
    for _ in range(120):
        yield "".join(random.choice(WORDS + alphabet) + random.choice(["", "", " "]) for _ in range(random.randint(1, 14)))

GPT2 = None
LLAMA3 = r"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"
QWEN2 = LLAMA3.replace("{1,3}", "")
TEKKEN = (r"[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]*[\p{Ll}\p{Lm}\p{Lo}\p{M}]+|[^\r\n\p{L}\p{N}]?[\p{Lu}\p{Lt}\p{Lm}\p{Lo}\p{M}]+"
          r"[\p{Ll}\p{Lm}\p{Lo}\p{M}]*|\p{N}| ?[^\s\p{L}\p{N}]+[\r\n/]*|\s*[\r\n]+|\s+(?!\S)|\s+")
DEEPSEEK3 = (r"[!\"#$%&'()*+,\-./:;<=>?@\[\\\]^_`{|}~][A-Za-z]+|[^\r\n\p{L}\p{P}\p{S}]?[\p{L}\p{M}]+| ?[\p{P}\p{S}]+[\r\n]*|"
             r"\s*[\r\n]+|\s+(?!\S)|\s+")
split = lambda regex, behavior="isolated", invert=False: pre_tokenizers.Split(Regex(regex), behavior, invert)
byte_level = lambda regex=False, space=False: pre_tokenizers.ByteLevel(add_prefix_space=space, use_regex=regex)
SEQ = pre_tokenizers.Sequence

BYTE_LEVEL = {
    "gpt2": (None, byte_level(True)),
    "prefix-space": (None, byte_level(True, True)),
    "llama3": (None, SEQ([split(LLAMA3), byte_level()])),
    "qwen2": (normalizers.NFC(), SEQ([split(QWEN2), byte_level()])),
    "tekken": (None, SEQ([split(TEKKEN), byte_level()])),
    "starcoder": (None, SEQ([pre_tokenizers.Digits(True), byte_level(True)])),
    "falcon": (None, SEQ([pre_tokenizers.Punctuation("contiguous"), byte_level(True), pre_tokenizers.Digits(False), split("[0-9][0-9][0-9]")])),
    "deepseek3": (None, SEQ([split(r"\p{N}{1,3}"), split("[一-龥぀-ゟ゠-ヿ]+"), split(DEEPSEEK3), byte_level()])),
    "deepseek-llm-like": (None, SEQ([split("[\r\n]"), split(r"\s?[A-Za-zµÀ-ÖØ-öø-ƺ]+"), split(r"\s?[!-/:-~！-／：-～‘-‟　-。]+"), split(r"\s+$"),
                                     split("[一-龥ࠀ-一가-퟿]+"), pre_tokenizers.Digits(True), byte_level()])),
    "odd-splits": (normalizers.Sequence([normalizers.NFKC(), normalizers.Lowercase(), normalizers.Strip()]),
                   SEQ([split("[.!?]", "merged_with_previous"), split("a", "merged_with_next"), split("[e-t]", "contiguous"), split("_", "removed"),
                        split(r"\w+|[^\w\s]+", "isolated", True), byte_level()])),
}
ADDED = [AddedToken("<|end|>", special=True, normalized=False), AddedToken("<s>", special=True, normalized=False),
         AddedToken("</s>", special=True, normalized=False), AddedToken("<tool>", special=False, normalized=False),
         AddedToken("<|sep|>", special=True, normalized=False, lstrip=True, rstrip=True),
         AddedToken("Grü", special=False, normalized=True, single_word=True)]

def trained(name, tokenizer, trainer):
    tokenizer.train_from_iterator(corpus(400), trainer)
    return finish(name, tokenizer)

def finish(name, tokenizer):
    tokenizer.add_tokens(ADDED)
    tokenizer.post_processor = processors.TemplateProcessing(single="<s> $A", special_tokens=[("<s>", tokenizer.token_to_id("<s>"))])
    cases = []
    for text in texts():
        ids = tokenizer.encode(text, add_special_tokens=False).ids
        cases.append({"text": text, "ids": ids, "decoded": tokenizer.decode(ids)})
    return {"name": name, "tokenizer": json.loads(tokenizer.to_str()), "cases": cases}

def sentencepiece(name, normalizer, pre_tokenizer, decoder):
    base = Tokenizer(models.BPE(byte_fallback=True, fuse_unk=True, unk_token="<unk>"))
    base.normalizer, base.pre_tokenizer, base.decoder = normalizer, pre_tokenizer, decoder
    special = ["<unk>"] + ["<0x%02X>" % b for b in range(256)]
    train = Tokenizer(models.BPE(unk_token="<unk>"))
    train.pre_tokenizer = pre_tokenizers.Metaspace(prepend_scheme="always")
    train.train_from_iterator(corpus(400), trainers.BpeTrainer(vocab_size=700, special_tokens=special, limit_alphabet=60, show_progress=False))
    model = json.loads(train.to_str())["model"]
    base.model = models.BPE(model["vocab"], [tuple(m) for m in model["merges"]], unk_token="<unk>", fuse_unk=True, byte_fallback=True)
    return finish(name, base)

STRIP = decoders.Sequence([decoders.Replace("▁", " "), decoders.ByteFallback(), decoders.Fuse(), decoders.Strip(" ", 1, 0)])
NOSTRIP = decoders.Sequence([decoders.Replace("▁", " "), decoders.ByteFallback(), decoders.Fuse()])
out = []
for name, (normalizer, pre) in BYTE_LEVEL.items():
    tokenizer = Tokenizer(models.BPE(ignore_merges=name in ("llama3", "tekken")))
    if normalizer: tokenizer.normalizer = normalizer
    tokenizer.pre_tokenizer, tokenizer.decoder = pre, decoders.ByteLevel()
    out.append(trained(name, tokenizer, trainers.BpeTrainer(vocab_size=600, initial_alphabet=pre_tokenizers.ByteLevel.alphabet(), show_progress=False)))
legacy = normalizers.Sequence([normalizers.Prepend("▁"), normalizers.Replace(" ", "▁")])
out.append(sentencepiece("llama2-legacy", legacy, None, STRIP))
out.append(sentencepiece("metaspace-first", None, pre_tokenizers.Metaspace(prepend_scheme="first", split=False), STRIP))
out.append(sentencepiece("metaspace-split", None, pre_tokenizers.Metaspace(prepend_scheme="always", split=True), STRIP))
out.append(sentencepiece("gemma-like", normalizers.Replace(" ", "▁"), split(" ", "merged_with_previous"), NOSTRIP))


def sentencepiece_model(name, **options):
    import base64, io, sentencepiece
    model = io.BytesIO()
    sentencepiece.SentencePieceTrainer.train(
        sentence_iterator=(line.replace("\x00", "") for line in corpus(400)), model_writer=model, model_type="bpe", vocab_size=700,
        byte_fallback=True, character_coverage=0.98, normalization_rule_name="identity", remove_extra_whitespaces=False,
        user_defined_symbols=["<tool>"], control_symbols=["<|end|>"], minloglevel=2, num_threads=1, **options)
    processor = sentencepiece.SentencePieceProcessor(model_proto=model.getvalue())
    cases = []
    for text in texts():
        if "\x00" not in text and "\u2581" not in text:
            ids = processor.encode(text)
            cases.append({"text": text, "ids": ids, "decoded": processor.decode(ids)})
    return {"name": name, "model": base64.b64encode(model.getvalue()).decode(), "cases": cases}

out.append(sentencepiece_model("sentencepiece"))
out.append(sentencepiece_model("sentencepiece-no-prefix", add_dummy_prefix=False))
for golden in out:
    with open(os.path.join(HERE, golden["name"] + ".json"), "w") as f:
        json.dump(golden, f, ensure_ascii=True, separators=(",", ":"))
