package org.alcove.tokenizer.text;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.alcove.tokenizer.Tokenizer;
import org.alcove.weights.ModelFile;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** One vocabulary in both containers gives one result. */
class ConversionTest {
    private final ObjectMapper mapper = new ObjectMapper();
    @TempDir
    private Path folder;

    private record Merge(String left, String right, float score, int leftId, int rightId) {
    }

    private Tokenizer write(ObjectNode root) throws IOException {
        mapper.writeValue(folder.resolve("tokenizer.json").toFile(), root);
        return new ModelTokenizers().open(new HandMadeModel(folder));
    }

    private ObjectNode vocabulary(ModelFile model, ObjectNode bpe) {
        ObjectNode root = mapper.createObjectNode();
        ArrayNode added = root.putArray("added_tokens");
        ObjectNode vocab = bpe.putObject("vocab");
        List<String> tokens = model.texts("tokenizer.ggml.tokens");
        int[] types = model.integers("tokenizer.ggml.token_type");
        for (int id = 0; id < tokens.size(); id++) {
            vocab.put(tokens.get(id), id);
            if (types[id] == 3) {
                added.addObject().put("id", id).put("content", tokens.get(id)).put("special", true).put("normalized", false);
            }
        }
        root.set("model", bpe.put("type", "BPE"));
        return root;
    }

    @Test
    void theByteLevelVocabularyAsTokenizerJsonGivesThePublishedIds() throws IOException {
        SharedVocabulary shared = SharedVocabulary.open("gpt-2");
        ObjectNode bpe = mapper.createObjectNode();
        shared.model().texts("tokenizer.ggml.merges").forEach(bpe.putArray("merges")::add);
        ObjectNode root = vocabulary(shared.model(), bpe);
        root.putObject("pre_tokenizer").put("type", "ByteLevel").put("add_prefix_space", false);
        root.putObject("decoder").put("type", "ByteLevel");
        check(shared, write(root));
    }

    @Test
    void theSentencePieceVocabularyAsTokenizerJsonGivesThePublishedIds() throws IOException {
        SharedVocabulary shared = SharedVocabulary.open("llama-spm");
        ObjectNode bpe = mapper.createObjectNode().put("byte_fallback", true).put("fuse_unk", true).put("unk_token", "<unk>");
        ArrayNode merges = bpe.putArray("merges");
        for (Merge merge : merges(shared.model())) {
            merges.addArray().add(merge.left).add(merge.right);
        }
        ObjectNode root = vocabulary(shared.model(), bpe);
        root.set("decoder", mapper.readTree("""
                {"type": "Sequence", "decoders": [{"type": "Replace", "pattern": {"String": "\u2581"}, "content": " "},
                 {"type": "ByteFallback"}, {"type": "Fuse"}, {"type": "Strip", "content": " ", "start": 1, "stop": 0}]}"""));
        root.set("normalizer", mapper.readTree("""
                {"type": "Sequence", "normalizers": [{"type": "Prepend", "prepend": "\u2581"},
                 {"type": "Replace", "pattern": {"String": " "}, "content": "\u2581"}]}"""));
        check(shared, write(root));
    }

    private static void check(SharedVocabulary shared, Tokenizer tokenizer) throws IOException {
        for (SharedVocabulary.Case example : shared.cases()) {
            assertArrayEquals(example.ids(), tokenizer.encode(example.text()), () -> "text: " + example.text());
            assertEquals(example.text(), tokenizer.decode(example.ids()));
        }
    }

    /** Every way to part a token, in the order of scores. */
    private static List<Merge> merges(ModelFile model) {
        List<String> tokens = model.texts("tokenizer.ggml.tokens");
        float[] scores = model.numbers("tokenizer.ggml.scores");
        Map<String, Integer> ids = new HashMap<>();
        for (int id = 259; id < tokens.size(); id++) {
            ids.put(tokens.get(id), id);
        }
        List<Merge> merges = new ArrayList<>();
        for (int id = 259; id < tokens.size(); id++) {
            String token = tokens.get(id);
            for (int at = 1; at < token.length(); at++) {
                Integer left = ids.get(token.substring(0, at));
                Integer right = ids.get(token.substring(at));
                if (left != null && right != null) {
                    merges.add(new Merge(token.substring(0, at), token.substring(at), scores[id], left, right));
                }
            }
        }
        merges.sort(Comparator.comparing(Merge::score).reversed().thenComparing(Merge::leftId).thenComparing(Merge::rightId));
        return merges;
    }

    @ParameterizedTest
    @CsvSource({"gpt2,gpt-2", "llama3,llama-bpe", "qwen2,qwen2", "tekken,tekken", "starcoder,starcoder", "falcon,falcon",
        "deepseek3,deepseek-v3"})
    void theNamedFamilyCutsAsThePreTokenizerOfItsTokenizerJson(String golden, String family) throws IOException {
        JsonNode json = mapper.readTree(ConversionTest.class.getResourceAsStream("/golden/" + golden + ".json"));
        JsonNode bpe = json.at("/tokenizer/model");
        String[] tokens = new String[bpe.get("vocab").size()];
        bpe.get("vocab").fields().forEachRemaining(entry -> tokens[entry.getValue().intValue()] = entry.getKey());
        List<String> merges = new ArrayList<>();
        bpe.get("merges").forEach(merge -> merges.add(merge.get(0).textValue() + " " + merge.get(1).textValue()));
        Tokenizer tokenizer = new ModelTokenizers().open(new HandMadeModel(folder).with("model", "gpt2").with("pre", family)
                .with("tokens", List.of(tokens)).with("merges", merges).with("add_bos_token", false));
        int compared = 0;
        for (JsonNode example : json.get("cases")) {
            String text = example.get("text").textValue();
            boolean plain = !text.matches("(?s).*(<s>|</s>|<\\|end\\|>|<\\|sep\\|>|<tool>|Gr\u00fc).*")
                    && (!family.equals("qwen2") || Normalizer.isNormalized(text, Normalizer.Form.NFC));
            if (plain) {
                assertEquals(example.get("ids").toString().replace(",", ", "), Arrays.toString(tokenizer.encode(text)),
                        () -> "text: " + text);
                compared++;
            }
        }
        assertTrue(compared > 60, () -> "too few texts");
    }
}
