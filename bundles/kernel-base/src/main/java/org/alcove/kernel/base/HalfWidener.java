package org.alcove.kernel.base;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;
import org.alcove.kernel.integer.ScaleType;

/**
 * Writes 16-bit weights as float32, exactly. Not thread-safe: it holds a little room to work in.
 *
 * <p>The Vector API has no conversion from binary16, and doing it by integer arithmetic takes a dozen instructions.
 * {@link ScaleType#widen} has the processor's own, more than twice as fast even with the copies in and out.
 */
final class HalfWidener {

    private static final int CHUNK = 1024;
    private static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;
    private static final VectorSpecies<Integer> INTS =
            FloatVector.SPECIES_PREFERRED.length() > 16 ? IntVector.SPECIES_512 : IntVector.SPECIES_PREFERRED;
    private static final VectorSpecies<Short> SHORTS =
            VectorSpecies.of(short.class, VectorShape.forBitSize(INTS.vectorBitSize() / 2));

    private final short[] halves = new short[CHUNK];
    private final float[] floats = new float[CHUNK];

    /** Widens {@code columns} weights of a 16-bit format; offsets are bytes. */
    void widen(DenseFormat format, MemorySegment weights, long offset, int columns, MemorySegment target, long at) {
        if (format == DenseFormat.F16) {
            for (int c = 0; c < columns; c += CHUNK) {
                int count = Math.min(CHUNK, columns - c);
                MemorySegment.copy(weights, SHORT, offset + 2L * c, halves, 0, count);
                ScaleType.F16.widen(halves, floats, count);
                MemorySegment.copy(floats, 0, target, FLOAT, at + 4L * c, count);
            }
            return;
        }
        int whole = INTS.loopBound(columns);
        widenBrains(weights, offset, whole, target, at);
        for (int c = whole; c < columns; c++) {
            target.set(FLOAT, at + 4L * c, format.read(weights, offset + 2L * c));
        }
    }

    private static void widenBrains(MemorySegment weights, long offset, int columns, MemorySegment target, long at) {
        for (int c = 0; c < columns; c += INTS.length()) {
            ((IntVector) ShortVector.fromMemorySegment(SHORTS, weights, offset + 2L * c, ByteOrder.LITTLE_ENDIAN)
                    .convertShape(VectorOperators.S2I, INTS, 0))
                    .lanewise(VectorOperators.LSHL, 16).intoMemorySegment(target, at + 4L * c, ByteOrder.nativeOrder());
        }
    }
}
