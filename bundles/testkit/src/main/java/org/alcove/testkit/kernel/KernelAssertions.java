package org.alcove.testkit.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.fail;

import java.lang.foreign.MemorySegment;
import org.alcove.api.kernel.MatrixShape;
import org.alcove.api.kernel.PackedMatrix;

/** Comparisons that name the place of the first difference. */
final class KernelAssertions {

    private KernelAssertions() {
    }

    /** Equal bit for bit, save that every not-a-number equals every other. */
    static void assertSameBits(float[] expected, float[] actual, String what) {
        assertEquals(expected.length, actual.length, what + ": number of values");
        for (int i = 0; i < expected.length; i++) {
            if (Float.floatToIntBits(expected[i]) != Float.floatToIntBits(actual[i])) {
                int at = i;
                assertEquals(Float.toHexString(expected[i]), Float.toHexString(actual[i]), () -> what + ": value " + at);
            }
        }
    }

    static void assertSameBytes(PackedMatrix expected, PackedMatrix actual, String what) {
        for (int i = 0; i < expected.planes().size(); i++) {
            String plane = expected.layout().planes().get(i).name();
            MemorySegment other = actual.plane(i);
            long mismatch = expected.plane(i).mismatch(other);
            assertEquals(-1, mismatch, () -> what + ": first different byte of plane " + plane);
        }
    }

    /**
     * Each product within what rounding activations to 127 steps of the token's largest can change, and a little for
     * the order of the additions.
     */
    static void assertNear(float[] x, float[] w, MatrixShape shape, float[] y) {
        int columns = shape.columns();
        for (int token = 0; token < x.length / columns; token++) {
            double amax = 0;
            for (int column = 0; column < columns; column++) {
                amax = Math.max(amax, Math.abs(x[token * columns + column]));
            }
            for (int row = 0; row < shape.rows(); row++) {
                double sum = 0;
                double bound = 0;
                for (int column = 0; column < columns; column++) {
                    double weight = w[row * columns + column];
                    double product = x[token * columns + column] * weight;
                    sum += product;
                    bound += Math.abs(weight) * amax / 254 * 1.001 + Math.abs(product) * 1e-5;
                }
                double actual = y[token * shape.rows() + row];
                if (!(Math.abs(actual - sum) <= bound)) {
                    fail("token " + token + ", row " + row + ": " + actual + " is not within " + bound + " of " + sum);
                }
            }
        }
    }
}
