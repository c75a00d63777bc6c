package org.alcove.kernel.asymint4;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.alcove.api.kernel.MatrixShape;
import org.alcove.api.kernel.PackedLayout;
import org.alcove.api.kernel.PackedMatrix;
import org.alcove.api.kernel.RowRange;
import org.alcove.testkit.kernel.TestMatrix;
import org.junit.jupiter.api.Test;

/** Blocks written by GGUF's own quantizer (Python package {@code gguf}, {@code gguf.quants.quantize} and {@code dequantize}). */
class GoldenQ41Test {

    private static final Path FOLDER = Path.of(System.getProperty("alcove.shared"), "data", "ggml-blocks");

    private final ReferenceAsymInt4 kernel = new ReferenceAsymInt4();
    private final PackedLayout layout = kernel.layouts().getFirst();

    @Test
    void goldenBlocksUnpackToTheirFloats() throws IOException {
        byte[] blocks = file("Q4_1.blocks.bin");
        float[] expected = floats(file("Q4_1.f32.bin"));
        float[] actual = new float[expected.length];
        MatrixShape shape = new MatrixShape(2, expected.length / 2);
        kernel.unpack(new PackedMatrix(layout, shape, List.of(MemorySegment.ofArray(blocks))), RowRange.all(shape),
                MemorySegment.ofArray(actual));
        assertArrayEquals(expected, actual);
    }

    @Test
    void packingGivesTheGoldenBytes() throws IOException {
        float[] input = floats(file("quant_input.f32.bin"));
        byte[] expected = file("Q4_1.quantized.bin");
        byte[] actual = new byte[expected.length];
        MatrixShape shape = new MatrixShape(2, input.length / 2);
        kernel.pack(new TestMatrix(shape, input), new PackedMatrix(layout, shape, List.of(MemorySegment.ofArray(actual))));
        assertArrayEquals(expected, actual);
    }

    private static byte[] file(String name) throws IOException {
        Path file = FOLDER.resolve(name);
        assumeTrue(Files.exists(file), () -> "golden blocks are not at " + file);
        return Files.readAllBytes(file);
    }

    private static float[] floats(byte[] bytes) {
        return MemorySegment.ofArray(bytes)
                .toArray(ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN));
    }
}
