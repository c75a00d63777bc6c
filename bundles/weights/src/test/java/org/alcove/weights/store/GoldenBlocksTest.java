package org.alcove.weights.store;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.alcove.api.kernel.PackedLayout;
import org.alcove.api.kernel.QuantizationKernel;
import org.alcove.kernel.asymint4.ReferenceAsymInt4;
import org.alcove.kernel.base.ReferenceBlocks;
import org.alcove.kernel.base.ReferenceDense;
import org.alcove.kernel.symint4.ReferenceSymInt4;
import org.alcove.weights.Weights;
import org.alcove.weights.checkpoint.Layouts;
import org.alcove.weights.kernels.KernelRegistry;
import org.alcove.weights.sample.GgufSample;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What is read here and what the kernels of the house know are the same layouts and the same values. */
class GoldenBlocksTest {

    @TempDir
    private Path folder;
    private final List<QuantizationKernel> kernels =
            List.of(new ReferenceDense(), new ReferenceBlocks(), new ReferenceSymInt4(), new ReferenceAsymInt4());

    @ParameterizedTest
    @CsvSource({"Q4_0, 2, 32", "Q4_1, 3, 32", "Q5_0, 6, 32", "Q5_1, 7, 32", "Q8_0, 8, 32", "Q4_K, 12, 256", "Q5_K, 13, 256",
        "Q6_K, 14, 256"})
    void blocksOfAFileMeanTheGoldenValues(String type, int id, int blockColumns) throws IOException {
        Path blocks = Path.of(System.getProperty("alcove.shared", "absent"), "data/ggml-blocks", type + ".blocks.bin");
        Assumptions.assumeTrue(Files.exists(blocks), () -> blocks + " is absent");
        float[] expected = new float[8 * blockColumns];
        ByteBuffer.wrap(Files.readAllBytes(blocks.resolveSibling(type + ".f32.bin"))).order(ByteOrder.LITTLE_ENDIAN)
                .asFloatBuffer().get(expected);
        Path file = GgufSample.of("llama").tensor("m", id, Files.readAllBytes(blocks), 2 * blockColumns, 4)
                .write(folder.resolve("m.gguf"));
        MappedWeightStore store = new MappedWeightStore(KernelRegistry.of(kernels.toArray(QuantizationKernel[]::new)));
        try (Weights weights = store.open(file)) {
            assertArrayEquals(expected, weights.vector("m", expected.length));
        }
    }

    @Test
    void theKernelsKnowEveryLayoutThatFoldersHold() {
        for (PackedLayout scale : List.of(Layouts.F32, Layouts.F16, Layouts.BF16)) {
            assertTrue(isKnown(scale), scale::toString);
            for (int group : new int[] {32, 64, 128, 256, 512, 1024, PackedLayout.CHANNEL}) {
                for (boolean symmetric : new boolean[] {true, false}) {
                    PackedLayout layout = Layouts.packQuantized(symmetric, group, scale);
                    assertTrue(isKnown(layout), layout::toString);
                }
            }
        }
    }

    private boolean isKnown(PackedLayout layout) {
        return kernels.stream().anyMatch(kernel -> kernel.layouts().contains(layout));
    }
}
