package org.alcove.engine.forward;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/**
 * Cosines and sines of all positions that were ever computed, so that none is computed twice: {@link StrictMath} takes a
 * microsecond for each pair of columns, and an array on the heap. Rows are made {@value #TOGETHER} positions at a time, when the
 * first of them is met. Used by one thread.
 */
final class RopeRows {

    private static final int TOGETHER = 64;

    private final Rope rope;
    private final Arena arena;
    private final long rowBytes;
    /** (TOGETHER, row): null where no position was met. */
    private MemorySegment[] rows = new MemorySegment[16];

    /** @param arena takes the rows */
    RopeRows(Rope rope, Arena arena) {
        this.rope = rope;
        this.arena = arena;
        this.rowBytes = 4L * rope.rowFloats();
    }

    /** Copies the row of a position to the given row of a table. */
    void copy(int position, MemorySegment table, int row) {
        int index = position / TOGETHER;
        if (index >= rows.length) {
            rows = Arrays.copyOf(rows, Math.max(index + 1, 2 * rows.length));
        }
        if (rows[index] == null) {
            rows[index] = compute(index * TOGETHER);
        }
        MemorySegment.copy(rows[index], position % TOGETHER * rowBytes, table, row * rowBytes, rowBytes);
    }

    private MemorySegment compute(int first) {
        MemorySegment computed = arena.allocate(TOGETHER * rowBytes, 64);
        for (int i = 0; i < TOGETHER; i++) {
            rope.fill(first + i, computed, (long) i * rope.rowFloats());
        }
        return computed;
    }
}
