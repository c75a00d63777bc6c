package org.alcove.kernel.base;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.alcove.api.kernel.FloatMatrix;
import org.alcove.api.kernel.MatrixShape;
import org.alcove.api.kernel.PackedLayout;
import org.alcove.api.kernel.PackedMatrix;
import org.alcove.api.kernel.QuantizationKernel;
import org.alcove.api.kernel.RowRange;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Blocks and bytes of the gguf Python package 0.19.0: {@code quants.dequantize(blocks, type)} and
 * {@code quants.quantize(input, type)} over the files of {@code data/ggml-blocks}.
 */
class GoldenBlocksTest {

    private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    @ParameterizedTest
    @EnumSource(BlockFormat.class)
    void blocksUnpackToTheGoldenFloats(BlockFormat format) throws IOException {
        byte[] blocks = read(format.name() + ".blocks.bin");
        MemorySegment expected = MemorySegment.ofArray(read(format.name() + ".f32.bin"));
        MatrixShape shape = new MatrixShape(2, 4 * format.columns);
        PackedMatrix matrix = new PackedMatrix(format.layout, shape, List.of(MemorySegment.ofArray(blocks)));
        for (QuantizationKernel kernel : List.of(new ReferenceBlocks(), new VectorBlocks())) {
            MemorySegment actual = Arena.ofAuto().allocate(4 * shape.size());
            kernel.unpack(matrix, RowRange.all(shape), actual);
            for (long i = 0; i < shape.size(); i++) {
                assertEquals(expected.get(FLOAT, 4 * i), actual.get(FLOAT, 4 * i), 0, format + ", weight " + i);
            }
        }
    }

    @ParameterizedTest
    @CsvSource({"Q8_0,sym_int8", "Q5_0,q5_0", "Q5_1,q5_1", "BF16,bf16"})
    void theGoldenInputPacksToTheGoldenBytes(String file, String format) throws IOException {
        MemorySegment input = MemorySegment.ofArray(read("quant_input.f32.bin"));
        MemorySegment expected = MemorySegment.ofArray(read(file + ".quantized.bin"));
        MatrixShape shape = new MatrixShape(2, (int) (input.byteSize() / 8));
        for (QuantizationKernel kernel : List.of(new ReferenceDense(), new ReferenceBlocks(), new VectorBlocks())) {
            for (PackedLayout layout : kernel.layouts()) {
                if (layout.format().equals(format)) {
                    PackedMatrix target = new PackedMatrix(layout, shape, List.of(Arena.ofAuto().allocate(layout.bytes(shape))));
                    kernel.pack(new Input(shape, input), target);
                    assertEquals(-1, expected.mismatch(target.plane(0)), "first byte that differs");
                }
            }
        }
    }

    @ParameterizedTest
    @EnumSource(value = BlockFormat.class, names = {"Q4_K", "Q5_K", "Q6_K"})
    void formatsThatAreOnlyReadSayWhatToPackInstead(BlockFormat format) {
        MatrixShape shape = new MatrixShape(1, 256);
        PackedMatrix target = new PackedMatrix(format.layout, shape, List.of(Arena.ofAuto().allocate(format.bytes)));
        String message = assertThrows(UnsupportedOperationException.class,
                () -> new ReferenceBlocks().pack(new Input(shape, MemorySegment.ofArray(new byte[1024])), target)).getMessage();
        assertTrue(message.contains(format.layout.format()) && message.contains("sym_int8"), message);
    }

    @Test
    void halvesOfQ8AreRoundedAwayFromZero() {
        float[] values = {127, 0.5f, -0.5f, 1.5f, 2.5f, -2.5f, 0.49999997f};
        MatrixShape shape = new MatrixShape(1, values.length);
        MemorySegment block = Arena.ofAuto().allocate(BlockFormat.Q8_0.bytes);
        new VectorBlocks().pack(new Input(shape, MemorySegment.ofArray(values)),
                new PackedMatrix(BlockFormat.Q8_0.layout, shape, List.of(block)));
        assertArrayEquals(new byte[] {127, 1, -1, 2, 3, -3, 0, 0},
                block.asSlice(Q8Rows.CODES, 8).toArray(ValueLayout.JAVA_BYTE));
    }

    private static byte[] read(String name) throws IOException {
        Path folder = Path.of(System.getProperty("alcove.shared", "shared"), "data", "ggml-blocks");
        assumeTrue(Files.isDirectory(folder),
                "no golden blocks in " + folder + "; set alcove.shared to the folder that holds data");
        return Files.readAllBytes(folder.resolve(name));
    }

    private record Input(MatrixShape shape, MemorySegment values) implements FloatMatrix {

        @Override
        public void read(RowRange rows, MemorySegment target) {
            long bytes = 4L * shape.columns();
            MemorySegment.copy(values, rows.first() * bytes, target, 0, rows.size() * bytes);
        }
    }
}
