package org.alcove.engine.numeric;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.alcove.engine.KvType;

/** Writes and reads the keys, or the values, of one head within a block, a plane: {@code docs/numerics.md} section 7. */
record KvNumbers(KvLayout layout) {

    private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT;
    /** Below this a scale's inverse would be infinite. */
    private static final float LEAST = 0x1p-118f;
    private static final float STEPS = 127;

    /** Writes what belongs to a position. */
    void write(MemorySegment from, long at, MemorySegment plane, int position, boolean keys) {
        int size = layout.headSize();
        long start = keys ? position : (long) position * size;
        long stride = keys ? Tile.KEYS : 1;
        float inverse = layout.type() == KvType.INT8 ? writeScale(from, at, plane, position) : 0;
        for (int i = 0; i < size; i++) {
            float x = from.getAtIndex(FLOAT, at + i);
            long to = start + i * stride;
            switch (layout.type()) {
                case F32 -> plane.setAtIndex(FLOAT, to, x);
                case F16 -> plane.setAtIndex(ValueLayout.JAVA_SHORT, to, Float.floatToFloat16(x));
                case INT8 -> plane.set(ValueLayout.JAVA_BYTE, to, inverse == 0 ? 0 : (byte) Math.rint(x * inverse));
            }
        }
    }

    /** The byte at which the scale of a position is. */
    long scaleAt(int position) {
        return (long) Tile.KEYS * layout.headSize() + 4L * position;
    }

    /** Returns the inverse of the scale; 0 where all codes are to be 0. */
    private float writeScale(MemorySegment from, long at, MemorySegment plane, int position) {
        float most = 0;
        boolean finite = true;
        for (int i = 0; i < layout.headSize(); i++) {
            float x = from.getAtIndex(FLOAT, at + i);
            finite &= Float.isFinite(x);
            most = Math.max(most, Math.abs(x));
        }
        boolean tiny = most < LEAST;
        plane.set(FLOAT, scaleAt(position), !finite ? Float.NaN : tiny ? 0 : most / STEPS);
        return !finite || tiny ? 0 : STEPS / most;
    }

    /** Widens all numbers of a plane to float32. */
    void widen(MemorySegment plane, MemorySegment target, boolean keys) {
        for (int i = 0; i < Tile.KEYS * layout.headSize(); i++) {
            target.setAtIndex(FLOAT, i, widened(plane, i, keys));
        }
    }

    /** One number of a plane. */
    float widened(MemorySegment plane, int i, boolean keys) {
        return switch (layout.type()) {
            case F32 -> plane.getAtIndex(FLOAT, i);
            case F16 -> Float.float16ToFloat(plane.getAtIndex(ValueLayout.JAVA_SHORT, i));
            case INT8 -> plane.get(FLOAT, scaleAt(keys ? i % Tile.KEYS : i / layout.headSize()))
                    * plane.get(ValueLayout.JAVA_BYTE, i);
        };
    }
}
