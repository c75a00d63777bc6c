package org.alcove.kernel.base;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.Arrays;
import java.util.List;
import org.alcove.api.kernel.PackedLayout;
import org.alcove.api.kernel.Plane;

/**
 * The dense formats: one little-endian value after the other, row after row, nothing between.
 *
 * <table>
 * <caption>Bytes of one value</caption>
 * <tr><th>format</th><th>bytes</th><th>value</th></tr>
 * <tr><td>{@code f32}</td><td>4</td><td>IEEE 754 binary32</td></tr>
 * <tr><td>{@code f16}</td><td>2</td><td>IEEE 754 binary16, subnormals included</td></tr>
 * <tr><td>{@code bf16}</td><td>2</td><td>the upper half of a binary32</td></tr>
 * </table>
 */
enum DenseFormat {

    F32("f32", 4), F16("f16", 2), BF16("bf16", 2);

    private static final DenseFormat[] ALL = values();
    private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    /** Bytes of one value. */
    final int bytes;
    final PackedLayout layout;

    DenseFormat(String name, int bytes) {
        this.bytes = bytes;
        this.layout = PackedLayout.of(name, name, 1, List.of(new Plane("blocks", 1, 1, bytes)));
    }

    /** The format of a layout. */
    static DenseFormat of(PackedLayout layout) {
        for (DenseFormat format : ALL) {
            if (format.layout.equals(layout)) {
                return format;
            }
        }
        throw new IllegalArgumentException("layout " + layout.name() + " of format " + layout.format()
                + " is none of the dense layouts " + layouts() + "; choose a kernel of that format");
    }

    /** Layouts of all dense formats. */
    static List<PackedLayout> layouts() {
        return Arrays.stream(values()).map(format -> format.layout).toList();
    }

    /** The value at a byte offset, widened exactly. */
    float read(MemorySegment weights, long offset) {
        return switch (this) {
            case F32 -> weights.get(FLOAT, offset);
            case F16 -> Float.float16ToFloat(weights.get(SHORT, offset));
            case BF16 -> Float.intBitsToFloat(weights.get(SHORT, offset) << 16);
        };
    }

    /**
     * Stores a finite value, rounded to nearest, ties to even.
     *
     * @return whether the format can hold it; where it cannot, nothing is written
     */
    boolean write(MemorySegment weights, long offset, float value) {
        switch (this) {
            case F32 -> weights.set(FLOAT, offset, value);
            case F16 -> {
                short half = Float.floatToFloat16(value);
                if ((half & 0x7c00) == 0x7c00) {
                    return false;
                }
                weights.set(SHORT, offset, half);
            }
            case BF16 -> {
                int bits = Float.floatToRawIntBits(value);
                int rounded = bits + 0x7fff + (bits >>> 16 & 1);
                if ((rounded & 0x7f800000) == 0x7f800000) {
                    return false;
                }
                weights.set(SHORT, offset, (short) (rounded >>> 16));
            }
        }
        return true;
    }
}
