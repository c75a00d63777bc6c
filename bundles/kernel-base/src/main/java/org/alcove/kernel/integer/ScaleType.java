package org.alcove.kernel.integer;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/** How a scale or minimum is stored. Every type widens to float32 exactly. */
public enum ScaleType {
    /** IEEE 754 binary16. */
    F16(2),
    /** The upper half of a binary32. */
    BF16(2),
    /** IEEE 754 binary32. */
    F32(4);

    private static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final int bytes;

    ScaleType(int bytes) {
        this.bytes = bytes;
    }

    /** Bytes of one value. */
    public int bytes() {
        return bytes;
    }

    /**
     * Widens values of 16 bits. Plain loops over arrays, because the compiler makes vectors of them, and of binary16 by the one
     * instruction that the Vector API lacks; over memory segments it does not.
     */
    public void widen(short[] stored, float[] values, int count) {
        switch (this) {
            case F16 -> {
                for (int i = 0; i < count; i++) {
                    values[i] = Float.float16ToFloat(stored[i]);
                }
            }
            case BF16 -> {
                for (int i = 0; i < count; i++) {
                    values[i] = Float.intBitsToFloat(stored[i] << 16);
                }
            }
            case F32 -> throw new IllegalArgumentException("values of 32 bits are as wide as they get");
        }
    }

    /** The value at an offset, widened. */
    public float read(MemorySegment memory, long at) {
        return switch (this) {
            case F16 -> Float.float16ToFloat(memory.get(SHORT, at));
            case BF16 -> Float.intBitsToFloat(memory.get(SHORT, at) << 16);
            case F32 -> memory.get(FLOAT, at);
        };
    }

    /** Rounds a value to this type and stores it. */
    public void write(MemorySegment memory, long at, float value) {
        switch (this) {
            case F16 -> memory.set(SHORT, at, Float.floatToFloat16(value));
            case BF16 -> memory.set(SHORT, at, (short) (Float.floatToRawIntBits(round(value)) >>> 16));
            case F32 -> memory.set(FLOAT, at, value);
        }
    }

    /** The value nearest to this one that the type can hold, ties to even; infinite where it is too large. */
    public float round(float value) {
        return switch (this) {
            case F16 -> Float.float16ToFloat(Float.floatToFloat16(value));
            case BF16 -> roundToBfloat(value);
            case F32 -> value;
        };
    }

    private static float roundToBfloat(float value) {
        if (Float.isNaN(value)) {
            return value;
        }
        int bits = Float.floatToRawIntBits(value);
        return Float.intBitsToFloat((bits + 0x7fff + (bits >>> 16 & 1)) & 0xffff0000);
    }
}
