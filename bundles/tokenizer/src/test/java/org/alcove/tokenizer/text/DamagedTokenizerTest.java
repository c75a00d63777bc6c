package org.alcove.tokenizer.text;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.alcove.tokenizer.Tokenizer;
import org.alcove.weights.ModelFormatException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Every damage ends in one error that names the key and the numbers. */
class DamagedTokenizerTest {
    @TempDir
    private Path folder;

    private static HandMadeModel scored() {
        return new HandMadeModel(Path.of("m.gguf")).with("model", "llama").with("tokens", List.of("<unk>", "a", "b"))
                .with("scores", new float[3]).with("token_type", new int[] {2, 1, 1}).with("unknown_token_id", 0)
                .with("add_bos_token", false);
    }

    private static HandMadeModel merged() {
        return new HandMadeModel(Path.of("m.gguf")).with("model", "gpt2").with("pre", "gpt-2")
                .with("tokens", List.of("a", "b", "ab")).with("merges", List.of("a b"));
    }

    static Stream<Arguments> damages() {
        return Stream.of(
                Arguments.of(scored().with("scores", new float[2]), "scores has 2 elements, tokenizer.ggml.tokens has 3"),
                Arguments.of(scored().without("scores"), "scores has 0 elements"),
                Arguments.of(scored().with("scores", new float[] {0, Float.NaN, 0}), "the score of token 1 is NaN"),
                Arguments.of(scored().with("token_type", new int[] {1}), "token_type has 1 elements"),
                Arguments.of(scored().with("token_type", new float[] {2, 1, 1}), "token_type holds no list of integers"),
                Arguments.of(scored().with("add_bos_token", 1), "add_bos_token is neither true nor false"),
                Arguments.of(scored().with("add_space_prefix", "no"), "add_space_prefix is neither true nor false"),
                Arguments.of(scored().with("eos_token_id", new int[] {2}), "eos_token_id is no integer"),
                Arguments.of(merged().with("pre", 7), "tokenizer.ggml.pre is no text"),
                Arguments.of(scored().with("tokens", List.of("<unk>", "a", "a")), "tokens 1 and 2 are spelled alike ('a')"),
                Arguments.of(scored().with("tokens", List.of()).with("scores", new float[0]).with("token_type", new int[0]),
                        "has 0 tokens"),
                Arguments.of(scored().with("eos_token_id", 3), "eos_token_id is 3, but the vocabulary has ids 0 to 2"),
                Arguments.of(scored().with("bos_token_id", -1), "bos_token_id is -1"),
                Arguments.of(scored().with("alcove.end_token_ids", new int[] {7}), "alcove.end_token_ids is 7"),
                Arguments.of(scored().without("unknown_token_id"), "neither an unknown token nor all byte tokens"),
                Arguments.of(scored().with("tokens", List.of("<unk>", "a", "b".repeat(600))), "has 600 characters"),
                Arguments.of(scored().with("add_bos_token", true), "bos_token_id is missing"),
                Arguments.of(scored().with("model", "t5"), "is 't5', supported are 'llama'"),
                Arguments.of(scored().without("model"), "tokenizer.ggml.model is missing"),
                Arguments.of(merged().without("merges"), "merges is missing or empty"),
                Arguments.of(merged().with("merges", List.of("ab")), "element 0, is 'ab'"),
                Arguments.of(merged().with("pre", "nobody"), "pre is 'nobody', supported are:"),
                Arguments.of(new HandMadeModel(Path.of("m.gguf")), "describes no tokenizer"));
    }

    @ParameterizedTest
    @MethodSource("damages")
    void aDamagedVocabularyIsNamed(HandMadeModel model, String expected) {
        String message = assertThrows(ModelFormatException.class, () -> new ModelTokenizers().open(model)).getMessage();
        assertTrue(message.contains(expected) && message.contains("m.gguf"), message);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '~', quoteCharacter = '`', value = {
        "{~is not valid JSON",
        "[]~holds no JSON object",
        "{'model':{'type':'Unigram'}}~model has the type 'Unigram', supported are BPE",
        "{'model':{'type':'BPE'}}~model.vocab is missing",
        "{'model':{'type':'BPE','vocab':{'a':0}}}~model.merges is missing",
        "{'model':{'type':'BPE','vocab':{'a':-1},'merges':[]}}~model.vocab.a is '-1'",
        "{'model':{'type':'BPE','vocab':{'a':2000000000},'merges':[]}}~model.vocab.a is '2000000000'",
        "{'model':{'type':'BPE','vocab':{'a':0,'b':1000000},'merges':[]}}~has 2 tokens, but ids up to 1000000",
        "{'model':{'type':'BPE','vocab':{'a':0,'b':0},'merges':[]}}~gives the id 0 to both",
        "{'model':{'type':'BPE','vocab':{'a':0,'b':1},'merges':['a b']}}~needs the token 'ab'",
        "{'model':{'type':'BPE','vocab':{'a':0},'merges':['a']}}~model.merges[0] is 'a', expected two parts",
        "{'model':{'type':'BPE','vocab':{'a':0},'merges':[]},'pre_tokenizer':{'type':'Odd'}}~pre_tokenizer has the",
        "{'model':{'type':'BPE','vocab':{'a':0},'merges':[]},'normalizer':{'type':'Odd'}}~normalizer has the type",
        "{'model':{'type':'BPE','vocab':{'a':0},'merges':[]},'decoder':{'type':'Odd'}}~decoder has the type 'Odd'",
        "{'model':{'type':'BPE','vocab':{'a':0},'merges':[]},'pre_tokenizer':{'type':'Split','pattern':"
            + "{'Regex':'('}}}~pre_tokenizer.pattern is not a regular expression",
        "{'model':{'type':'BPE','vocab':{'a':0},'merges':[],'unk_token':'u'}}~model.unk_token is 'u'",
        "{'model':{'type':'BPE','vocab':{'a':0},'merges':[]},'added_tokens':[{'content':'x'}]}~added_tokens[0].id"
    })
    void aDamagedTokenizerJsonIsNamed(String json, String expected) throws IOException {
        Files.writeString(folder.resolve("tokenizer.json"), json.replace('\'', '"'));
        String message = assertThrows(ModelFormatException.class,
                () -> new ModelTokenizers().open(new HandMadeModel(folder))).getMessage();
        assertTrue(message.contains(expected) && message.contains("tokenizer.json"), message);
    }

    @Test
    void aMissingPreTokenizerFallsBackToGpt2() throws IOException {
        Tokenizer tokenizer = new ModelTokenizers().open(merged().without("pre"));
        assertTrue(tokenizer.encode("ab").length == 1);
    }
}
