import unittest
from pathlib import Path

from vocabulary import BYTE_TYPE, CONTROL_TYPE, SPACE, Vocabulary, chunks, train

HERE = Path(__file__).parent
ODD = ["", " ", "  two  spaces ", "1234 + 5 = ?", "Emoji \U0001f600 \u00fcn\u00ef \u6f22\u5b57\u3002", "a\n\nb\tc", "'''\"\"...!!", SPACE + "odd", "./alcove serve --model x86_64.gguf"]


class Encoding(unittest.TestCase):
    def setUp(self):
        self.vocabulary = Vocabulary.read(HERE / "vocabulary.json")

    def test_texts_come_back_as_they_were(self):
        for text in ODD + ["You may call one of these", "\u8bb2\u4e2a\u7b11\u8bdd\u5427\uff01"]:
            self.assertEqual(text.replace(SPACE, " "), self.vocabulary.decode(self.vocabulary.encode(text)))

    def test_the_ids_that_other_tokenizers_are_compared_with_are_ours(self):
        ids = [int(i) for i in (HERE / "encoded.ids").read_text("utf-8").split()]
        self.assertEqual(ids, self.vocabulary.encode((HERE / "encoded.txt").read_text("utf-8")))

    def test_digits_stand_alone(self):
        tokens = [self.vocabulary.tokens[i] for i in self.vocabulary.encode("17 + 25=42")]
        self.assertEqual(["1", "7", SPACE + "+", SPACE, "2", "5", "=", "4", "2"], tokens)

    def test_control_tokens_are_never_made_from_text(self):
        for spelled in ("<|im_start|>", "<|im_end|>", "<|endoftext|>", "<unk>", "<0x0A>"):
            for i in self.vocabulary.encode(spelled):
                self.assertNotEqual(CONTROL_TYPE, self.vocabulary.types[i])
                self.assertNotEqual(BYTE_TYPE, self.vocabulary.types[i])

    def test_a_text_in_one_piece_has_the_ids_of_its_chunks(self):
        """What other programs do, who know no chunks: merge the best pair anywhere, the leftmost first."""
        for text in ODD + ["He said: \"You saved me.\" It was 12 o'clock, \u4f60\u597d\uff0cAlcove!"]:
            self.assertEqual(self.vocabulary._encode(text.replace(" ", SPACE)), self.vocabulary.encode(text))

    def test_the_size_is_a_multiple_of_256_and_no_token_comes_twice(self):
        self.assertEqual(0, len(self.vocabulary) % 256)
        self.assertEqual(len(self.vocabulary), len(set(self.vocabulary.tokens)))


class Training(unittest.TestCase):
    def test_the_most_frequent_pair_is_merged_first(self):
        pieces = train({"abab": 5, "abc": 3, "xyz": 2}, 4 + 256 + 95 + 2)
        self.assertEqual(["ab", "abab"], pieces[:2])

    def test_chunks_join_to_the_text(self):
        for text in ODD:
            self.assertEqual(text.replace(" ", SPACE), "".join(chunks(text)))


if __name__ == "__main__":
    unittest.main()
