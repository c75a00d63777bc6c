package org.alcove.weights.checkpoint;

import java.nio.ByteBuffer;

/** Kinds of numbers in metadata. */
public enum NumberKind {
    UINT8(1, false), INT8(1, false), UINT16(2, false), INT16(2, false), UINT32(4, false), INT32(4, false), UINT64(8, false),
    INT64(8, false), FLOAT32(4, true), FLOAT64(8, true), BOOL(1, false);

    private final int bytes;
    private final boolean real;

    NumberKind(int bytes, boolean real) {
        this.bytes = bytes;
        this.real = real;
    }

    /** Size in bytes. */
    public int bytes() {
        return bytes;
    }

    /** Whether it is a floating-point kind. */
    public boolean isReal() {
        return real;
    }

    /** The integer at a byte offset; floating-point kinds are truncated. */
    public long whole(ByteBuffer source, int offset) {
        return switch (this) {
            case UINT8, BOOL -> Byte.toUnsignedLong(source.get(offset));
            case INT8 -> source.get(offset);
            case UINT16 -> Short.toUnsignedLong(source.getShort(offset));
            case INT16 -> source.getShort(offset);
            case UINT32 -> Integer.toUnsignedLong(source.getInt(offset));
            case INT32 -> source.getInt(offset);
            case UINT64 -> saturated(source.getLong(offset));
            case INT64 -> source.getLong(offset);
            case FLOAT32 -> (long) source.getFloat(offset);
            case FLOAT64 -> (long) source.getDouble(offset);
        };
    }

    /** The number at a byte offset. */
    public double real(ByteBuffer source, int offset) {
        return switch (this) {
            case FLOAT32 -> source.getFloat(offset);
            case FLOAT64 -> source.getDouble(offset);
            default -> whole(source, offset);
        };
    }

    private static long saturated(long unsigned) {
        return unsigned < 0 ? Long.MAX_VALUE : unsigned;
    }
}
