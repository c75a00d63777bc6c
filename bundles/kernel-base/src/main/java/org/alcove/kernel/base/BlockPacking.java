package org.alcove.kernel.base;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import org.alcove.api.kernel.FloatMatrix;
import org.alcove.api.kernel.PackedMatrix;
import org.alcove.api.kernel.RowRange;

/**
 * Quantizes as GGUF's reference does, bit for bit: codes come from the inverse of the float32 scale, before the scale is
 * rounded to binary16. Columns missing from the last block of a row count as zeros and do not widen its range.
 */
final class BlockPacking {

    private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;
    private static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final int BLOCK = 32;

    private final BlockFormat format;
    private final MemorySegment blocks;
    private final float[] values = new float[BLOCK];
    /** Values of the current block that are within the row. */
    private int count;
    private int row;
    private int column;

    private BlockPacking(BlockFormat format, MemorySegment blocks) {
        this.format = format;
        this.blocks = blocks;
    }

    static void pack(FloatMatrix source, PackedMatrix target) {
        BlockFormat format = BlockFormat.of(target.layout());
        if (format.columns != BLOCK) {
            throw new UnsupportedOperationException("format " + target.layout().format()
                    + " is read and multiplied, not written; quantize to sym_int8, sym_int4 or asym_int4");
        }
        new BlockPacking(format, target.plane(0)).rows(source);
    }

    private void rows(FloatMatrix source) {
        int columns = source.shape().columns();
        long offset = 0;
        try (Arena arena = Arena.ofConfined()) {
            MemorySegment floats = arena.allocate(4L * columns);
            for (row = 0; row < source.shape().rows(); row++) {
                source.read(new RowRange(row, row + 1), floats);
                for (column = 0; column < columns; column += BLOCK) {
                    count = Math.min(BLOCK, columns - column);
                    read(floats);
                    block(offset);
                    offset += format.bytes;
                }
            }
        }
    }

    private void read(MemorySegment floats) {
        for (int i = 0; i < BLOCK; i++) {
            values[i] = i < count ? floats.get(FLOAT, 4L * (column + i)) : 0;
            if (!Float.isFinite(values[i])) {
                throw new IllegalArgumentException("weight at row " + row + ", column " + (column + i) + " is " + values[i]
                        + "; only finite weights can be packed");
            }
        }
    }

    private void block(long offset) {
        switch (format) {
            case Q8_0 -> bytes(offset);
            case Q5_0 -> centred(offset);
            default -> ranged(offset);
        }
    }

    /** Q8_0: the largest magnitude is 127; halves are rounded away from zero. */
    private void bytes(long offset) {
        float scale = Math.abs(extreme()) / 127;
        float inverse = inverse(scale);
        half(offset, scale);
        for (int i = 0; i < BLOCK; i++) {
            float scaled = Math.abs(values[i] * inverse);
            int whole = (int) scaled;
            int rounded = scaled - whole >= 0.5f ? whole + 1 : whole;
            blocks.set(ValueLayout.JAVA_BYTE, offset + Q8Rows.CODES + i, (byte) (values[i] < 0 ? -rounded : rounded));
        }
    }

    /** Q5_0: the value of largest magnitude, sign kept, is code 0. */
    private void centred(long offset) {
        float scale = extreme() / -16;
        float inverse = inverse(scale);
        half(offset, scale);
        fives(offset + 2, 16.5f, 0, inverse);
    }

    /** Q5_1: the range from the smallest to the largest value in 31 steps. */
    private void ranged(long offset) {
        float least = values[0];
        float most = values[0];
        for (int i = 1; i < count; i++) {
            least = Math.min(least, values[i]);
            most = Math.max(most, values[i]);
        }
        float scale = (most - least) / 31;
        float inverse = inverse(scale);
        half(offset, scale);
        half(offset + 2, least);
        fives(offset + 4, 0.5f, least, inverse);
    }

    private void fives(long offset, float bias, float least, float inverse) {
        int high = 0;
        for (int i = 0; i < BLOCK / 2; i++) {
            int first = Math.clamp((int) ((values[i] - least) * inverse + bias), 0, 31);
            int second = Math.clamp((int) ((values[i + 16] - least) * inverse + bias), 0, 31);
            high |= first >> 4 << i | second >> 4 << i + 16;
            blocks.set(ValueLayout.JAVA_BYTE, offset + 4 + i, (byte) (first & 15 | second << 4));
        }
        blocks.set(INT, offset, high);
    }

    /** The first value of largest magnitude. */
    private float extreme() {
        float extreme = 0;
        for (float value : values) {
            if (Math.abs(value) > Math.abs(extreme)) {
                extreme = value;
            }
        }
        return extreme;
    }

    /** 1/scale, or 0 where that overflows: such a block is far below what binary16 resolves and unpacks to zeros anyway. */
    private static float inverse(float scale) {
        float inverse = 1 / scale;
        return Float.isInfinite(inverse) ? 0 : inverse;
    }

    private void half(long offset, float value) {
        short half = Float.floatToFloat16(value);
        if ((half & 0x7c00) == 0x7c00) {
            throw new IllegalArgumentException("weights at row " + row + ", columns " + column + " to " + (column + count - 1)
                    + " need " + value + " as a 16-bit float, which ends at 65504; keep this matrix dense");
        }
        blocks.set(SHORT, offset, half);
    }
}
