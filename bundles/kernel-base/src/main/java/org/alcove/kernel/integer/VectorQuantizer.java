package org.alcove.kernel.integer;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;
import static java.lang.foreign.ValueLayout.JAVA_FLOAT_UNALIGNED;
import static java.lang.foreign.ValueLayout.JAVA_INT_UNALIGNED;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.IntVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;

/** Quantizes activations eight at a time. */
final class VectorQuantizer {

    /**
     * Added to a float below 2^22, it leaves that float rounded to an integer, ties to even, in the low bits of the sum:
     * {@code rint} without an instruction of its own.
     */
    private static final float ROUNDER = 0x1.8p23f;

    private static final ByteOrder ORDER = ByteOrder.LITTLE_ENDIAN;
    private static final VectorSpecies<Byte> BYTES = ByteVector.SPECIES_64;
    private static final VectorSpecies<Integer> INTS = IntVector.SPECIES_256;
    private static final VectorSpecies<Float> FLOATS = FloatVector.SPECIES_256;

    private VectorQuantizer() {
    }

    static void quantizeGroup(MemorySegment floats, Activations x, int token, int group) {
        PreparedLayout layout = x.layout();
        int start = layout.start(group);
        int count = layout.end(group) - start;
        long source = 4 * ((long) token * layout.columns() + start);
        float amax = largest(floats, source, count);
        boolean zeros = !(amax >= ReferenceArithmetic.SMALLEST && amax <= Float.MAX_VALUE);
        long target = layout.codes(token) + start;
        int sum = 0;
        float scale = 0;
        if (zeros) {
            x.memory().asSlice(target, count).fill((byte) 0);
            scale = amax < ReferenceArithmetic.SMALLEST ? 0 : Float.NaN;
        } else {
            sum = round(floats, source, x.memory(), target, count, 127 / amax);
            scale = amax / 127;
        }
        x.memory().set(JAVA_FLOAT_UNALIGNED, layout.scales(token) + 4L * group, scale);
        x.memory().set(JAVA_INT_UNALIGNED, layout.sums(token) + 4L * group, sum);
    }

    /** The largest absolute value; infinite if any is infinite or not a number. */
    private static float largest(MemorySegment floats, long source, int count) {
        int bound = FLOATS.loopBound(count);
        FloatVector largest = FloatVector.zero(FLOATS);
        VectorMask<Float> finite = FLOATS.maskAll(true);
        for (int i = 0; i < bound; i += FLOATS.length()) {
            FloatVector values = FloatVector.fromMemorySegment(FLOATS, floats, source + 4L * i, ORDER).abs();
            finite = finite.and(values.compare(VectorOperators.LE, Float.MAX_VALUE));
            largest = largest.max(values);
        }
        float amax = finite.allTrue() ? largest.reduceLanes(VectorOperators.MAX) : Float.POSITIVE_INFINITY;
        for (int i = bound; i < count; i++) {
            float value = Math.abs(floats.get(JAVA_FLOAT_UNALIGNED, source + 4L * i));
            amax = value <= Float.MAX_VALUE ? Math.max(amax, value) : Float.POSITIVE_INFINITY;
        }
        return amax;
    }

    /** Writes {@code rint(x * inverse)} for a group and returns the sum. */
    private static int round(MemorySegment floats, long source, MemorySegment codes, long target, int count, float inverse) {
        int bound = FLOATS.loopBound(count);
        IntVector sums = IntVector.zero(INTS);
        int bits = Float.floatToRawIntBits(ROUNDER);
        for (int i = 0; i < bound; i += FLOATS.length()) {
            IntVector rounded = FloatVector.fromMemorySegment(FLOATS, floats, source + 4L * i, ORDER)
                    .mul(inverse).add(ROUNDER).reinterpretAsInts().sub(bits);
            sums = sums.add(rounded);
            rounded.convertShape(VectorOperators.I2B, BYTES, 0).reinterpretAsBytes().intoMemorySegment(codes, target + i, ORDER);
        }
        int sum = sums.reduceLanes(VectorOperators.ADD);
        for (int i = bound; i < count; i++) {
            int code = (int) Math.rint(floats.get(JAVA_FLOAT_UNALIGNED, source + 4L * i) * inverse);
            codes.set(JAVA_BYTE, target + i, (byte) code);
            sum += code;
        }
        return sum;
    }
}
