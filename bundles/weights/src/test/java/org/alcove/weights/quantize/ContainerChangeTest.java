package org.alcove.weights.quantize;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.alcove.api.control.Quantizer;
import org.alcove.kernel.asymint4.ReferenceAsymInt4;
import org.alcove.kernel.base.ReferenceBlocks;
import org.alcove.kernel.base.ReferenceDense;
import org.alcove.kernel.symint4.ReferenceSymInt4;
import org.alcove.weights.ModelFile;
import org.alcove.weights.VocabularyConverter;
import org.alcove.weights.Weights;
import org.alcove.weights.kernels.KernelRegistry;
import org.alcove.weights.store.MappedWeightStore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** From GGUF into folders and back. */
class ContainerChangeTest {

    @TempDir
    Path folder;

    private final KernelRegistry kernels = KernelRegistry.of(new ReferenceDense(), new ReferenceBlocks(), new ReferenceSymInt4(),
            new ReferenceAsymInt4());
    private final MappedWeightStore store = new MappedWeightStore(kernels);
    private final ModelQuantizer quantizer = quantizer();

    private ModelQuantizer quantizer() {
        ModelQuantizer made = new ModelQuantizer(store, kernels);
        made.bind(new FixedVocabulary());
        return made;
    }

    private Quantizer.Report quantize(Path source, String target, String scheme, int group, Quantizer.Container container)
            throws IOException {
        return quantizer.quantize(new Quantizer.Order(source, folder.resolve(target), scheme, group, container), progress -> { });
    }

    /** Rows of q and k of a llama move so that pair i of a head, columns 2i and 2i + 1 in GGUF, is i and i + d/2 in a folder. */
    @Test
    void rotaryPairsAreWhereEachContainerWantsThem() throws IOException {
        Path source = RandomModel.gguf(folder.resolve("source.gguf"), "llama", Map.of());
        quantize(source, "small", "sym_int4", 256, Quantizer.Container.HF);
        try (Weights gguf = store.open(source); Weights hf = store.open(folder.resolve("small"))) {
            assertEquals("adjacent", gguf.file().text(ModelFile.ROPE_PAIRING).orElseThrow());
            assertEquals("halves", hf.file().text(ModelFile.ROPE_PAIRING).orElseThrow());
            for (String name : List.of("attn_q", "attn_k")) {
                int rows = gguf.floats("blk.0." + name + ".weight").shape().rows();
                float[] adjacent = gguf.vector("blk.0." + name + ".weight", rows * RandomModel.WIDTH);
                float[] halves = hf.vector("blk.0." + name + ".weight", rows * RandomModel.WIDTH);
                int half = RandomModel.HEAD / 2;
                for (int head = 0; head < rows / RandomModel.HEAD; head++) {
                    for (int pair = 0; pair < half; pair++) {
                        for (int member = 0; member < 2; member++) {
                            int from = (head * RandomModel.HEAD + 2 * pair + member) * RandomModel.WIDTH;
                            int to = (head * RandomModel.HEAD + member * half + pair) * RandomModel.WIDTH;
                            assertEquals(adjacent[from], halves[to]);
                            assertEquals(adjacent[from + 77], halves[to + 77]);
                        }
                    }
                }
            }
            assertArrayEquals(gguf.vector("blk.0.attn_v.weight", 64 * 128), hf.vector("blk.0.attn_v.weight", 64 * 128));
        }
    }

    @Test
    void whatTheModelRecommendsAboutSamplingGoesAlong() throws IOException {
        Path source = RandomModel.folder(folder.resolve("source"), "llama", "");
        Files.writeString(source.resolve("generation_config.json"),
                "{\"temperature\": 0.6, \"top_k\": 20, \"top_p\": 0.95, \"repetition_penalty\": 1.05}");
        quantize(source, "middle.gguf", "sym_int8", 32, Quantizer.Container.GGUF);
        quantize(folder.resolve("middle.gguf"), "small", "asym_int4", 32, Quantizer.Container.HF);
        String written = Files.readString(folder.resolve("small/generation_config.json")).replaceAll("\\s", "");
        assertTrue(written.contains("\"do_sample\":true,\"temperature\":0.6,\"top_k\":20,\"top_p\":0.95,"
                + "\"repetition_penalty\":1.05"), written);
        Files.writeString(source.resolve("generation_config.json"), "{\"do_sample\": false}");
        quantize(source, "greedy.gguf", "sym_int8", 32, Quantizer.Container.GGUF);
        assertEquals(0, store.describe(folder.resolve("greedy.gguf")).number("general.sampling.temp").orElseThrow());
        quantize(folder.resolve("greedy.gguf"), "greedy", "asym_int4", 32, Quantizer.Container.HF);
        String greedy = Files.readString(folder.resolve("greedy/generation_config.json")).replaceAll("\\s", "");
        assertTrue(greedy.contains("\"do_sample\":false") && !greedy.contains("temperature"), greedy);
    }

    @ParameterizedTest
    @CsvSource({"llama", "mistral", "qwen2", "qwen3", "baichuan"})
    void aFolderAsGgufAndAFolderAgainIsTheSameModel(String type) throws IOException {
        Path source = RandomModel.folder(folder.resolve("source"), type, "");
        quantize(source, "middle.gguf", "sym_int8", 32, Quantizer.Container.GGUF);
        quantize(folder.resolve("middle.gguf"), "small", "asym_int4", 32, Quantizer.Container.HF);
        ModelFile before = store.describe(source);
        ModelFile after = store.describe(folder.resolve("small"));
        assertEquals(before.architecture(), after.architecture());
        String prefix = before.architecture() + ".";
        for (String key : before.keys()) {
            if (key.startsWith(prefix)) {
                assertEquals(before.number(key), after.number(key), key);
                assertEquals(before.text(key), after.text(key), key);
            }
        }
        assertArrayEquals(new int[] {2, 3}, after.integers(ModelFile.END_TOKEN_IDS));
        assertEquals(before.tensors().keySet(), after.tensors().keySet());
        try (Weights one = store.open(source); Weights other = store.open(folder.resolve("small"))) {
            for (ModelFile.Tensor tensor : before.tensors().values()) {
                int length = (int) tensor.shape().size();
                float[] expected = one.vector(tensor.name(), length);
                float[] actual = other.vector(tensor.name(), length);
                assertArrayEquals(expected, actual, 0.35f, tensor.name());
            }
        }
    }

    @Test
    void llama31ScalingIsATableInGgufAndFourNumbersInAFolder() throws IOException {
        String scaling = ", 'rope_scaling': {'rope_type': 'llama3', 'factor': 8.0, 'low_freq_factor': 1.0,"
                + " 'high_freq_factor': 4.0, 'original_max_position_embeddings': 8192}";
        Path source = RandomModel.folder(folder.resolve("source"), "llama", scaling);
        Path middle = folder.resolve("middle.gguf");
        quantize(source, "middle.gguf", "sym_int4", 32, Quantizer.Container.GGUF);
        ModelFile written = store.describe(middle);
        assertTrue(written.text("llama.rope.scaling.type").isEmpty());
        try (Weights weights = store.open(middle)) {
            float[] divisors = weights.vector("rope_freqs.weight", RandomModel.HEAD / 2);
            assertEquals(1, divisors[0]);
            assertEquals(8, divisors[RandomModel.HEAD / 2 - 1]);
        }
        quantize(RandomModel.gguf(folder.resolve("table.gguf"), "llama", Map.of("rope_freqs.weight",
                new RopeFactors(8, 1, 4, 8192).divisors(500_000, 16))), "again", "sym_int4", 64, Quantizer.Container.HF);
        ModelFile again = store.describe(folder.resolve("again"));
        assertEquals("llama3", again.text("llama.rope.scaling.type").orElseThrow());
        assertEquals(8, again.number("llama.rope.scaling.factor").orElseThrow());
        assertEquals(8192, again.integer("llama.rope.scaling.original_context_length").orElseThrow());
        float[] odd = new float[16];
        Arrays.fill(odd, 3);
        odd[3] = 2;
        Path strange = RandomModel.gguf(folder.resolve("odd.gguf"), "llama", Map.of("rope_freqs.weight", odd));
        String message = assertThrows(IOException.class,
                () -> quantize(strange, "odd", "sym_int4", 64, Quantizer.Container.HF)).getMessage();
        assertTrue(message.contains("rope_freqs.weight is no table of Llama 3.1"), message);
    }

    /** A folder says the whole by which cosines are multiplied, GGUF how often it is what YaRN gives by itself. */
    @Test
    void theAttentionFactorOfYarnIsTheSameNumberInBothContainers() throws IOException {
        double own = 1 + 0.1 * Math.log(4);
        Path source = RandomModel.folder(folder.resolve("source"), "llama", ", 'rope_scaling': {'rope_type': 'yarn',"
                + " 'factor': 4.0, 'original_max_position_embeddings': 128, 'attention_factor': 1.3, 'beta_fast': 16.0}");
        quantize(source, "middle.gguf", "sym_int8", 32, Quantizer.Container.GGUF);
        ModelFile written = store.describe(folder.resolve("middle.gguf"));
        assertEquals("yarn", written.text("llama.rope.scaling.type").orElseThrow());
        assertEquals((float) (1.3 / own), written.number("llama.rope.scaling.attn_factor").orElseThrow());
        quantize(folder.resolve("middle.gguf"), "small", "asym_int4", 32, Quantizer.Container.HF);
        JsonNode scaling = new ObjectMapper().readTree(folder.resolve("small/config.json").toFile()).get("rope_scaling");
        assertEquals(1.3, scaling.get("attention_factor").doubleValue(), 1e-7);
        assertEquals(16, scaling.get("beta_fast").doubleValue());
        for (Path same : List.of(source, folder.resolve("small"))) {
            assertEquals(1.3 / own, store.describe(same).number("llama.rope.scaling.attn_factor").orElseThrow(), 1e-7);
        }
    }

    @Test
    void aFactorWithoutATypeIsLinearInAFolder() throws IOException {
        Path plain = RandomModel.gguf(folder.resolve("plain.gguf"), "llama", Map.of("llama.rope.scaling.factor", 4f));
        quantize(plain, "linear", "sym_int4", 64, Quantizer.Container.HF);
        ModelFile linear = store.describe(folder.resolve("linear"));
        assertEquals("linear", linear.text("llama.rope.scaling.type").orElseThrow());
        assertEquals(4, linear.number("llama.rope.scaling.factor").orElseThrow());
        Path zero = RandomModel.gguf(folder.resolve("zero.gguf"), "llama",
                Map.of("llama.rope.scaling.type", "linear", "llama.rope.scaling.factor", 0f));
        quantize(zero, "none", "sym_int4", 64, Quantizer.Container.HF);
        assertTrue(store.describe(folder.resolve("none")).text("llama.rope.scaling.type").isEmpty());
    }

    @Test
    void ropeKeysThatAConfigurationCannotSayAreRefused() throws IOException {
        refused(Map.of("llama.rope.scaling.attn_factor", 1.3f), "llama.rope.scaling.attn_factor: it is 1.3", "only of yarn");
        refused(Map.of("llama.rope.scaling.type", "linear", "llama.rope.scaling.factor", 4f,
                "llama.rope.scaling.attn_factor", 1.3f), "llama.rope.scaling.attn_factor: it is 1.3", "only of yarn");
        refused(Map.of("llama.rope.scaling.factor", 4f, "rope_freqs.weight",
                new RopeFactors(8, 1, 4, 8192).divisors(500_000, 16)), "linear", "beside the table rope_freqs.weight");
    }

    private void refused(Map<String, Object> keys, String... words) throws IOException {
        Path source = RandomModel.gguf(folder.resolve("refused.gguf"), "llama", keys);
        String message = assertThrows(IOException.class,
                () -> quantize(source, "refused", "sym_int4", 64, Quantizer.Container.HF)).getMessage();
        for (String word : words) {
            assertTrue(message.contains(word), message);
        }
        assertTrue(message.contains("--format gguf"), message);
    }

    @Test
    void aNormalizedHeadIsDividedOnTheWayToGguf() throws IOException {
        Path source = RandomModel.folder(folder.resolve("source"), "baichuan", ", 'z_loss_weight': 0");
        quantize(source, "small.gguf", "sym_int8", 32, Quantizer.Container.GGUF);
        try (Weights weights = store.open(folder.resolve("small.gguf"))) {
            float[] head = weights.vector("output.weight", RandomModel.ROWS * RandomModel.WIDTH);
            double squares = 0;
            for (int i = 0; i < RandomModel.WIDTH; i++) {
                squares += (double) head[i] * head[i];
            }
            assertEquals(1, Math.sqrt(squares), 0.01);
            assertTrue(weights.has("blk.1.attn_k.weight"));
        }
    }

    @Test
    void theContainerIsNotChangedWithoutATokenizerRoom() throws IOException {
        Quantizer alone = new ModelQuantizer(store, kernels);
        Path source = RandomModel.gguf(folder.resolve("source.gguf"), "llama", Map.of());
        Quantizer.Order order =
                new Quantizer.Order(source, folder.resolve("small"), "sym_int4", 64, Quantizer.Container.HF);
        String message = assertThrows(IOException.class, () -> alone.quantize(order, progress -> { })).getMessage();
        assertTrue(message.contains("the tokenizer bundle is not there"), message);
        assertFalse(Files.exists(folder.resolve("small.part")));
    }

    /** Says of every model the same; real vocabularies are the tokenizer room's test. */
    private static final class FixedVocabulary implements VocabularyConverter {

        @Override
        public Map<String, byte[]> folderFiles(ModelFile model) {
            return Map.of("tokenizer.json", new byte[] {'{', '}'});
        }

        @Override
        public GgufVocabulary ggufKeys(ModelFile model, int rows) {
            Map<String, Integer> ids = new HashMap<>(Map.of("bos_token_id", 1, "eos_token_id", 2));
            return new GgufVocabulary("gpt2", Optional.of("gpt-2"), Collections.nCopies(rows, "x"),
                    new int[rows], new float[0], List.of("x x"), ids, Map.of("add_bos_token", true));
        }
    }
}
