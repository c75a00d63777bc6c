"""Needs PyTorch (Debian: /usr/bin/python3); skipped, and says so, where it is absent."""
import tempfile
import unittest
from pathlib import Path

try:
    import torch
except ImportError:
    torch = None

import json

import corpus
from held_out import Questions

HERE = Path(__file__).parent


@unittest.skipIf(torch is None, "SKIPPED: PyTorch is not here")
class Training(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        with open(self.folder / "corpus.jsonl", "w", encoding="utf-8") as out:
            for made in corpus.documents(9, 60, Questions.read(HERE)):
                out.write(json.dumps(made, ensure_ascii=False) + "\n")

    def given(self, run, **more):
        import train
        given = train.arguments().parse_args(["--corpus", str(self.folder / "corpus.jsonl"), "--run", str(self.folder / run),
                                              "--tokens", "1000000", "--layers", "1", "--batch", "512", "--warm", "2", "--threads", "1"])
        for name, value in more.items():
            setattr(given, name, value)
        return given

    def test_a_run_that_stops_and_goes_on_has_the_losses_of_one_that_does_not(self):
        import train
        whole = train.train(self.given("whole"), lambda step: step == 6)
        first = train.train(self.given("cut"), lambda step: step == 3)
        rest = train.train(self.given("cut"), lambda step: step == 6)
        self.assertEqual(3, len(first))
        self.assertEqual([f"{loss:.5f}" for loss in whole], [f"{loss:.5f}" for loss in first + rest])
        self.assertLess(whole[-1], whole[0])

    def test_only_what_the_assistant_says_and_plain_text_is_learnt(self):
        import train
        from vocabulary import Vocabulary
        vocabulary = Vocabulary.read(HERE / "vocabulary.json")
        ids, wanted = train.encode({"messages": [{"role": "user", "content": "Hi"}, {"role": "assistant", "content": "Hello!"}]}, vocabulary)
        self.assertEqual("Hello!", vocabulary.decode([i for i, w in zip(ids, wanted) if w]))
        self.assertEqual(vocabulary.end, [i for i, w in zip(ids, wanted) if w][-1])
        ids, wanted = train.encode({"text": "A story."}, vocabulary)
        self.assertEqual([1] * len(ids), wanted)

    def test_keys_and_values_kept_give_the_logits_of_the_whole(self):
        from model import Model, Shape
        torch.manual_seed(1)
        model = Model(Shape(vocabulary=64, hidden=256, layers=2, feed_forward=256))
        ids = torch.randint(0, 64, (1, 9))
        whole, _ = model.hidden(ids)
        first, past = model.hidden(ids[:, :5])
        rest, _ = model.hidden(ids[:, 5:], past)
        self.assertTrue(torch.allclose(whole, torch.cat([first, rest], 1), atol=1e-4))

    def test_the_gradient_of_the_norm_is_the_one_of_its_formula(self):
        from model import _Norm
        x, weight = torch.randn(3, 8, dtype=torch.float64, requires_grad=True), torch.randn(8, dtype=torch.float64, requires_grad=True)
        self.assertTrue(torch.autograd.gradcheck(lambda a, b: _Norm.apply(a, b, 1e-5), (x, weight)))


if __name__ == "__main__":
    unittest.main()
