package org.alcove.kernel.integer;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * The numbers in a packed matrix, whatever its bytes look like. A weight is {@code scale * (code - zero)}, plus
 * {@code minimum} in formats that have one. Groups are those of the activations ({@link PreparedLayout}): where a weight
 * group spans several of them, each gives the same scale.
 */
public interface IntegerRows {

    /** Code of a weight as it enters the sum, -128 to 127. */
    int code(int row, int column);

    /** Scale of a group, widened to float32. */
    float scale(int row, int group);

    /** Integer zero point of a group: 8 for symmetric 4-bit codes, 0 where codes are signed. */
    int zero(int row, int group);

    /** Whether groups have a float minimum; where not, nothing is added for it, not even 0. */
    default boolean hasMinimum() {
        return false;
    }

    /** Float minimum of a group, widened to float32. */
    default float minimum(int row, int group) {
        return 0;
    }

    /**
     * Writes the codes of some columns, one byte each.
     *
     * @param row which row
     * @param first the first column, where a group begins
     * @param end one past the last column: where a group ends, or the end of the row
     * @param target where to
     * @param at offset in {@code target} of the first code; up to 31 bytes after the last one may be overwritten too
     */
    default void codes(int row, int first, int end, MemorySegment target, long at) {
        for (int column = first; column < end; column++) {
            target.set(ValueLayout.JAVA_BYTE, at + column - first, (byte) code(row, column));
        }
    }
}
