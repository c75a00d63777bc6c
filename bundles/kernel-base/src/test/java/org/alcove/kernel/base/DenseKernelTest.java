package org.alcove.kernel.base;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.Random;
import org.alcove.api.kernel.FloatMatrix;
import org.alcove.api.kernel.MatrixShape;
import org.alcove.api.kernel.PackedMatrix;
import org.alcove.api.kernel.QuantizationKernel;
import org.alcove.api.kernel.RowRange;
import org.junit.jupiter.api.Test;

class DenseKernelTest {

    private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;

    private final QuantizationKernel reference = new ReferenceDense();
    private final QuantizationKernel vector = new VectorDense();

    @Test
    void vectorGivesTheBitsOfReferenceForEveryShape() {
        for (DenseFormat format : DenseFormat.values()) {
            for (int columns : new int[] {1, 15, 16, 17, 31, 64, 172, 515}) {
                for (int rows : new int[] {1, 3, 4, 5, 13}) {
                    for (int tokens : new int[] {1, 2, 3, 4, 5, 7, 9}) {
                        sameBits(format, new MatrixShape(rows, columns), tokens);
                    }
                }
            }
        }
    }

    private void sameBits(DenseFormat format, MatrixShape shape, int tokens) {
        try (Arena arena = Arena.ofConfined()) {
            Random random = new Random(columnsSeed(shape, tokens));
            // An odd address: files promise no alignment.
            long bytes = format.layout.bytes(shape);
            PackedMatrix weights = new PackedMatrix(format.layout, shape, List.of(arena.allocate(bytes + 1).asSlice(1, bytes)));
            for (long i = 0; i < shape.size(); i++) {
                float scale = random.nextInt(8) == 0 ? 1e-6f : 1;
                assertTrue(format.write(weights.plane(0), i * format.bytes, (float) random.nextGaussian() * scale));
            }
            MemorySegment x = arena.allocate(4L * tokens * shape.columns());
            for (long i = 0; i < (long) tokens * shape.columns(); i++) {
                x.set(FLOAT, 4 * i, random.nextInt(16) == 0 ? 1e-40f : (float) random.nextGaussian());
            }
            RowRange rows = new RowRange(shape.rows() > 4 ? 1 : 0, shape.rows());
            MemorySegment expected = run(reference, weights, rows, x, tokens, arena);
            MemorySegment actual = run(vector, weights, rows, x, tokens, arena);
            assertEquals(-1, expected.mismatch(actual), format + " " + shape + " by " + tokens + " tokens");
        }
    }

    private static long columnsSeed(MatrixShape shape, int tokens) {
        return shape.columns() * 1000L + shape.rows() * 10L + tokens;
    }

    private static MemorySegment run(QuantizationKernel kernel, PackedMatrix w, RowRange rows, MemorySegment x, int tokens,
            Arena arena) {
        int columns = w.shape().columns();
        MemorySegment prepared = arena.allocate(kernel.preparedBytes(tokens, columns, w.layout()), 64);
        MemorySegment scratch = arena.allocate(Math.max(1, kernel.scratchBytes(tokens, w.shape())), 64);
        MemorySegment y = arena.allocate(4L * tokens * w.shape().rows());
        y.fill((byte) 0x55);
        kernel.prepare(x, tokens, columns, w.layout(), prepared);
        kernel.multiply(prepared, tokens, w, rows, y, scratch);
        return y;
    }

    /** As in a file made by others: weights that packing refuses. */
    @Test
    void infiniteWeightsAndNaNGiveWhatReferenceGives() {
        for (DenseFormat format : DenseFormat.values()) {
            for (float special : new float[] {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY}) {
                try (Arena arena = Arena.ofConfined()) {
                    MatrixShape shape = new MatrixShape(8, 64);
                    MemorySegment memory = arena.allocate(format.layout.bytes(shape));
                    int bits = Float.floatToIntBits(special);
                    long at = (5L * 64 + 37) * format.bytes;
                    switch (format) {
                        case F32 -> memory.set(ValueLayout.JAVA_INT_UNALIGNED, at, bits);
                        case F16 -> memory.set(ValueLayout.JAVA_SHORT_UNALIGNED, at, Float.floatToFloat16(special));
                        case BF16 -> memory.set(ValueLayout.JAVA_SHORT_UNALIGNED, at, (short) (bits >>> 16));
                    }
                    PackedMatrix weights = new PackedMatrix(format.layout, shape, List.of(memory));
                    MemorySegment x = arena.allocate(4L * 64);
                    x.set(FLOAT, 4L * 37, 1);
                    MemorySegment expected = run(reference, weights, RowRange.all(shape), x, 1, arena);
                    MemorySegment actual = run(vector, weights, RowRange.all(shape), x, 1, arena);
                    assertEquals(special, expected.get(FLOAT, 20));
                    for (long i = 0; i < 8; i++) {
                        assertEquals(expected.get(FLOAT, 4 * i), actual.get(FLOAT, 4 * i), format + ", row " + i);
                    }
                }
            }
        }
    }

    @Test
    void everyBinary16AndBfloat16PatternIsWidenedExactly() {
        try (Arena arena = Arena.ofConfined()) {
            MatrixShape shape = new MatrixShape(1, 1 << 16);
            MemorySegment patterns = arena.allocate(2L << 16);
            for (int i = 0; i < 1 << 16; i++) {
                patterns.set(ValueLayout.JAVA_SHORT, 2L * i, (short) i);
            }
            for (DenseFormat format : List.of(DenseFormat.F16, DenseFormat.BF16)) {
                MemorySegment values = arena.allocate(4L << 16);
                vector.unpack(new PackedMatrix(format.layout, shape, List.of(patterns)), RowRange.all(shape), values);
                for (int i = 0; i < 1 << 16; i++) {
                    float expected = format == DenseFormat.F16 ? Float.float16ToFloat((short) i) : Float.intBitsToFloat(i << 16);
                    float actual = values.get(FLOAT, 4L * i);
                    assertEquals(Float.floatToIntBits(expected), Float.floatToIntBits(actual), format + " pattern " + i);
                }
            }
        }
    }

    @Test
    void packingRoundsToNearestEven() {
        assertEquals(0x3c00, pack(DenseFormat.F16, 1 + 0x1p-11f));
        assertEquals(0x3c02, pack(DenseFormat.F16, 1 + 3 * 0x1p-11f));
        assertEquals(0x0001, pack(DenseFormat.F16, 0x1p-24f));
        assertEquals(0x3f80, pack(DenseFormat.BF16, 1 + 0x1p-8f));
        assertEquals(0x3f82, pack(DenseFormat.BF16, 1 + 3 * 0x1p-8f));
        assertEquals(0x8000, pack(DenseFormat.BF16, -0f));
    }

    @Test
    void valuesThatAFormatCannotHoldAreRefusedWithRowAndColumn() {
        for (DenseFormat format : DenseFormat.values()) {
            for (float bad : new float[] {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY}) {
                refused(format, bad);
            }
        }
        refused(DenseFormat.F16, 65520f);
        refused(DenseFormat.BF16, -Float.MAX_VALUE);
        assertEquals(0x7bff, pack(DenseFormat.F16, 65519f));
    }

    private void refused(DenseFormat format, float value) {
        String message = assertThrows(IllegalArgumentException.class, () -> pack(format, value)).getMessage();
        assertTrue(message.contains("row 1, column 2"), message);
    }

    /** Packs one value at row 1, column 2 of a matrix of zeros and gives its lowest 16 bits. */
    private int pack(DenseFormat format, float value) {
        MatrixShape shape = new MatrixShape(2, 3);
        try (Arena arena = Arena.ofConfined()) {
            PackedMatrix target = new PackedMatrix(format.layout, shape, List.of(arena.allocate(format.layout.bytes(shape))));
            vector.pack(new Single(shape, value), target);
            PackedMatrix copy = new PackedMatrix(format.layout, shape, List.of(arena.allocate(format.layout.bytes(shape))));
            vector.repack(target, copy);
            return copy.plane(0).get(ValueLayout.JAVA_SHORT_UNALIGNED, 5L * format.bytes) & 0xffff;
        }
    }

    private record Single(MatrixShape shape, float value) implements FloatMatrix {

        @Override
        public void read(RowRange rows, MemorySegment target) {
            for (int r = rows.first(); r < rows.end(); r++) {
                for (int c = 0; c < 3; c++) {
                    target.set(FLOAT, 4L * ((r - rows.first()) * 3 + c), r == 1 && c == 2 ? value : 0);
                }
            }
        }
    }
}
