package org.alcove.weights.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.alcove.api.kernel.MatrixShape;
import org.alcove.api.kernel.RowRange;
import org.alcove.weights.KernelUnavailableException;
import org.alcove.weights.ModelFile;
import org.alcove.weights.ModelFormatException;
import org.alcove.weights.Weights;
import org.alcove.weights.kernels.KernelRegistry;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** A real, small model and real vocabularies. */
class StoriesTest {

    private final MappedWeightStore store = new MappedWeightStore(KernelRegistry.of());

    private static Path shared(String file) {
        Path path = Path.of(System.getProperty("alcove.shared", "absent"), "data", file);
        Assumptions.assumeTrue(Files.exists(path), () -> path + " is absent");
        return path;
    }

    private static Path stories() {
        return shared("models/stories260K/stories260K.gguf");
    }

    @Test
    void aModelTellsItsKeys() throws IOException {
        ModelFile model = store.describe(stories());
        assertEquals("stories260K", model.name());
        assertEquals("llama", model.architecture());
        assertEquals(172, model.integer("llama.feed_forward_length").orElseThrow());
        assertEquals(1e-5, model.number("llama.attention.layer_norm_rms_epsilon").orElseThrow(), 1e-12);
        assertEquals(true, model.flag("tokenizer.ggml.add_bos_token").orElseThrow());
        assertEquals(512, model.texts("tokenizer.ggml.tokens").size());
        assertEquals("<0x00>", model.texts("tokenizer.ggml.tokens").get(3));
        assertEquals(6, model.integers("tokenizer.ggml.token_type")[3]);
        assertEquals(512, model.numbers("tokenizer.ggml.scores").length);
        assertEquals("adjacent", model.text(ModelFile.ROPE_PAIRING).orElseThrow());
        assertEquals(48, model.tensors().size());
        assertEquals(new ModelFile.Tensor("blk.4.ffn_down.weight", "F32", "f32", new MatrixShape(64, 172), 44032),
                model.tensors().get("blk.4.ffn_down.weight"));
    }

    @Test
    void weightsAreMappedAndRead() throws IOException {
        try (Weights weights = store.open(stories())) {
            assertEquals("f32", weights.formats());
            assertEquals("f32 (none)", weights.kernels());
            assertTrue(weights.has("output.weight"));
            assertFalse(weights.has("rope_freqs.weight"));
            assertEquals(new MatrixShape(172, 64), weights.matrix("blk.0.ffn_up.weight").shape());
            assertEquals(new MatrixShape(32, 64), weights.matrix("blk.0.ffn_up.weight").rows(new RowRange(64, 96)).shape());
            float[] norm = weights.vector("output_norm.weight", 64);
            assertTrue(norm[0] > 0 && norm[0] < 100);
            assertThrows(ModelFormatException.class, () -> weights.vector("output_norm.weight", 63));
            assertThrows(ModelFormatException.class, () -> weights.matrix("output_norm.weight"));
            assertThrows(ModelFormatException.class, () -> weights.matrix("blk.5.ffn_up.weight"));
            assertThrows(KernelUnavailableException.class, weights::lease);
            assertEquals(Files.size(stories()), weights.bytes());
        }
    }

    @Test
    void vocabulariesAreDescribedButNotOpened() throws IOException {
        for (String name : new String[] {"gpt-2", "llama-spm", "starcoder"}) {
            Path path = shared("vocab/ggml-vocab-" + name + ".gguf");
            ModelFile model = store.describe(path);
            assertTrue(model.texts("tokenizer.ggml.tokens").size() > 30_000, name);
            assertEquals(0, model.tensors().size());
            ModelFormatException refusal = assertThrows(ModelFormatException.class, () -> store.open(path));
            assertTrue(refusal.getMessage().contains("holds no tensors"), refusal.getMessage());
        }
    }
}
