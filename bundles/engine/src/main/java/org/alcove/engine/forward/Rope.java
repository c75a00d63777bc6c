package org.alcove.engine.forward;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Optional;
import org.alcove.engine.numeric.Rotation;
import org.alcove.weights.ModelFile;
import org.alcove.weights.ModelFormatException;

/**
 * Rotates queries and keys by their position. Frequencies and angles are float64 by {@link StrictMath}, whose bits are the same
 * on every machine; only cosine and sine are rounded to float32.
 */
public final class Rope {

    private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT;
    private static final double DEFAULT_BASE = 10_000;

    private final double[] frequencies;
    private final double magnitude;
    private final boolean halves;

    private Rope(double[] frequencies, double magnitude, boolean halves) {
        this.frequencies = frequencies;
        this.magnitude = magnitude;
        this.halves = halves;
    }

    /** Columns of a head that are rotated. */
    static int columns(Keys keys, int headSize) throws ModelFormatException {
        int columns = keys.positive("rope.dimension_count", headSize);
        if (columns > headSize || columns % 2 != 0) {
            throw keys.error("rope.dimension_count", "it is " + columns + ", but an even number up to the size of a head, "
                    + headSize + ", is needed");
        }
        return columns;
    }

    /**
     * The rotation of a model.
     *
     * @param pairing see {@link ModelFile#ROPE_PAIRING}
     * @param factors what each frequency is divided by; empty for 1
     */
    static Rope of(Keys keys, int headSize, Optional<String> pairing, float[] factors) throws ModelFormatException {
        int columns = columns(keys, headSize);
        double base = keys.number("rope.freq_base", DEFAULT_BASE);
        double[] frequencies = new double[columns / 2];
        for (int i = 0; i < frequencies.length; i++) {
            frequencies[i] = StrictMath.pow(base, -2.0 * i / columns);
            if (factors.length > 0) {
                if (!(factors[i] > 0)) {
                    throw keys.error("rope", "factor " + i + " of rope_freqs.weight is " + factors[i] + ", not above 0");
                }
                frequencies[i] /= factors[i];
            }
        }
        double magnitude = RopeScaling.apply(keys, frequencies, base, factors.length > 0);
        String pairs = pairing.orElse("none given");
        if (!pairs.equals("adjacent") && !pairs.equals("halves")) {
            throw keys.error("rope", "the pairing of columns (" + ModelFile.ROPE_PAIRING + ") is " + pairs
                    + ", but adjacent or halves is needed");
        }
        return new Rope(frequencies, magnitude, pairs.equals("halves"));
    }

    /** Floats of the table row of one position. */
    int rowFloats() {
        return 2 * frequencies.length;
    }

    /** Writes cosines, then sines, of one position. Slow, and takes memory from the heap: {@link RopeRows} does it once. */
    void fill(int position, MemorySegment table, long at) {
        for (int i = 0; i < frequencies.length; i++) {
            double angle = position * frequencies[i];
            table.setAtIndex(FLOAT, at + i, (float) (StrictMath.cos(angle) * magnitude));
            table.setAtIndex(FLOAT, at + frequencies.length + i, (float) (StrictMath.sin(angle) * magnitude));
        }
    }

    /** The rotation by a table whose rows are {@link #fill filled} for each token of a step. */
    Rotation rotation(MemorySegment table) {
        return new Rotation(table, frequencies.length, halves);
    }
}
