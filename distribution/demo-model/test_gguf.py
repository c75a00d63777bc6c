import tempfile
import unittest
from pathlib import Path

try:
    import numpy
except ImportError:
    numpy = None

from vocabulary import Vocabulary

HERE = Path(__file__).parent
SHAPE = {"vocabulary": 3072, "hidden": 256, "layers": 1, "heads": 4, "feed_forward": 512, "context": 1024, "epsilon": 1e-5, "rope_base": 10000.0}


def weights():
    random = numpy.random.default_rng(1)
    sizes = {"embedding": (3072, 256), "head": (3072, 256), "norm": (256,), "layers.0.attention_norm": (256,), "layers.0.feed_norm": (256,),
             "layers.0.qkv": (768, 256), "layers.0.output": (256, 256), "layers.0.gate_up": (1024, 256), "layers.0.down": (256, 512)}
    return {name + ".weight": random.standard_normal(size).astype(numpy.float16).astype(numpy.float32) for name, size in sizes.items()}


@unittest.skipIf(numpy is None, "SKIPPED: NumPy is not here")
class Files(unittest.TestCase):
    def test_what_is_written_is_read_again(self):
        import gguf
        vocabulary = Vocabulary.read(HERE / "vocabulary.json")
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "model.gguf"
            gguf.write(path, weights(), SHAPE, vocabulary, "f16", "template")
            known, _ = gguf.read(path)
            shape, read = gguf.weights_of(path)
        self.assertEqual(vocabulary.tokens, known["tokenizer.ggml.tokens"])
        self.assertEqual("template", known["tokenizer.chat_template"])
        self.assertEqual({name: SHAPE[name] for name in shape}, shape)
        for name, matrix in weights().items():
            self.assertTrue(numpy.array_equal(matrix, read[name]), name)

    def test_a_recommended_temperature_changes_nothing_else(self):
        import gguf
        import recommend
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "model.gguf"
            gguf.write(path, weights(), SHAPE, Vocabulary.read(HERE / "vocabulary.json"), "f16", "template")
            known, arrays = gguf.read(path)
            self.assertEqual(0, known.pop("general.sampling.temp"))
            recommend.recommend(path, 0.25)
            again, same = gguf.read(path)
        self.assertEqual(0.25, again.pop("general.sampling.temp"))
        self.assertEqual(known, again)
        self.assertEqual(list(arrays), list(same))
        for name, matrix in arrays.items():
            self.assertTrue(numpy.array_equal(matrix, same[name]), name)

    def test_a_block_of_q8_0_has_a_scale_and_32_codes(self):
        import gguf
        row = numpy.arange(-16, 16, dtype=numpy.float32)
        data = gguf.q8_0(row[None, :])
        self.assertEqual(34, len(data))
        scale = float(numpy.frombuffer(data[:2], "<f2")[0])
        self.assertTrue(numpy.allclose(row, numpy.frombuffer(data[2:], numpy.int8) * scale, atol=0.07))


if __name__ == "__main__":
    unittest.main()
