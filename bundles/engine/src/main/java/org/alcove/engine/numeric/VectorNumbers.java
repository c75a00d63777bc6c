package org.alcove.engine.numeric;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;
import org.alcove.engine.KvType;

/** Widens keys and values as {@link KvNumbers} does, by vectors. */
final class VectorNumbers {

    private static final ByteOrder NATIVE = ByteOrder.nativeOrder();
    private static final VectorSpecies<Integer> INTS =
            IntVector.SPECIES_PREFERRED.length() > 16 ? IntVector.SPECIES_512 : IntVector.SPECIES_PREFERRED;
    private static final VectorSpecies<Float> FLOATS = VectorSpecies.of(float.class, INTS.vectorShape());
    private static final int LENGTH = INTS.length();
    private static final VectorSpecies<Short> SHORTS =
            VectorSpecies.of(short.class, VectorShape.forBitSize(Short.SIZE * LENGTH));
    /** A vector of bytes has 64 bits at least; where that is too many, its first lanes are used. */
    private static final VectorSpecies<Byte> BYTES =
            VectorSpecies.of(byte.class, VectorShape.forBitSize(Math.max(64, Byte.SIZE * LENGTH)));
    /** Bits of a binary16 without its sign; those from which on it is infinite or not a number. */
    private static final int MAGNITUDE = 0x7fff;
    private static final int INFINITE = 0x7c00 << 13;
    /** What the exponent of a binary16 is short of when its bits are read as those of a binary32. */
    private static final float EXPONENT = 0x1p112f;

    private VectorNumbers() {
    }

    /** Widens all numbers of a plane to float32. */
    static void widen(KvNumbers numbers, MemorySegment plane, MemorySegment target, boolean keys) {
        int size = numbers.layout().headSize();
        if (numbers.layout().type() == KvType.F16) {
            for (int i = 0; i < Tile.KEYS * size; i += LENGTH) {
                halves(plane, i).intoMemorySegment(target, 4L * i, NATIVE);
            }
        } else if (keys) {
            for (int i = 0; i < Tile.KEYS * size; i += LENGTH) {
                FloatVector scales = FloatVector.fromMemorySegment(FLOATS, plane, numbers.scaleAt(i % Tile.KEYS), NATIVE);
                scales.mul(bytes(plane, i)).intoMemorySegment(target, 4L * i, NATIVE);
            }
        } else {
            values(numbers, plane, target);
        }
    }

    private static void values(KvNumbers numbers, MemorySegment plane, MemorySegment target) {
        int size = numbers.layout().headSize();
        for (int position = 0; position < Tile.KEYS; position++) {
            FloatVector scale = FloatVector.broadcast(FLOATS,
                    plane.get(PlainArithmetic.FLOAT, numbers.scaleAt(position)));
            int i = position * size;
            int end = i + size;
            for (; i + LENGTH <= end; i += LENGTH) {
                scale.mul(bytes(plane, i)).intoMemorySegment(target, 4L * i, NATIVE);
            }
            for (; i < end; i++) {
                target.setAtIndex(PlainArithmetic.FLOAT, i, numbers.widened(plane, i, false));
            }
        }
    }

    /** Exact for all numbers, subnormal ones included: a power of two is what they differ by when the bits have been moved. */
    private static FloatVector halves(MemorySegment plane, int at) {
        IntVector bits = (IntVector) ShortVector.fromMemorySegment(SHORTS, plane, 2L * at, NATIVE)
                .convertShape(VectorOperators.ZERO_EXTEND_S2I, INTS, 0);
        IntVector moved = bits.and(MAGNITUDE).lanewise(VectorOperators.LSHL, 13);
        IntVector finite = moved.reinterpretAsFloats().mul(EXPONENT).reinterpretAsInts();
        IntVector magnitude = finite.blend(moved.or(0x7f800000), moved.compare(VectorOperators.GE, INFINITE));
        return magnitude.or(bits.and(0x8000).lanewise(VectorOperators.LSHL, 16)).reinterpretAsFloats();
    }

    private static FloatVector bytes(MemorySegment plane, int at) {
        return (FloatVector) ByteVector.fromMemorySegment(BYTES, plane, at, NATIVE).convertShape(VectorOperators.B2F, FLOATS, 0);
    }
}
