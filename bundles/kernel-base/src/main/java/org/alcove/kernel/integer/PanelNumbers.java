package org.alcove.kernel.integer;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;

/**
 * What a panel of {@link InterleavedRows} has beside codes, widened to 32 bits: sixteen numbers for each group. Loops over arrays
 * are plain, as in {@link ScaleType#widen}.
 */
final class PanelNumbers {

    private static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final short[] halves;
    private final byte[] bytes;
    private final float[] scales;
    private final float[] minima;
    private final int[] zeros;

    /** Room for that many groups. */
    PanelNumbers(int groups) {
        int size = groups * InterleavedRows.ROWS;
        this.halves = new short[size];
        this.bytes = new byte[size];
        this.scales = new float[size];
        this.minima = new float[size];
        this.zeros = new int[size];
    }

    float[] scales() {
        return scales;
    }

    /** Where the format has them. */
    float[] minima() {
        return minima;
    }

    /** Where each group has a zero point of its own. */
    int[] zeros() {
        return zeros;
    }

    /** Reads those of the panel that begins with a row. */
    void read(InterleavedRows weights, int row, int groups) {
        int count = groups * InterleavedRows.ROWS;
        MemorySegment.copy(weights.panel(1, row), SHORT, 0, halves, 0, count);
        weights.scaleType().widen(halves, scales, count);
        if (weights.hasMinimum()) {
            MemorySegment.copy(weights.panel(2, row), SHORT, 0, halves, 0, count);
            ScaleType.F16.widen(halves, minima, count);
        } else if (weights.hasZeros()) {
            MemorySegment.copy(weights.panel(2, row), JAVA_BYTE, 0, bytes, 0, count);
            for (int i = 0; i < count; i++) {
                zeros[i] = bytes[i];
            }
        }
    }
}
