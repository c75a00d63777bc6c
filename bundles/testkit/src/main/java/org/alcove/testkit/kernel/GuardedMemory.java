package org.alcove.testkit.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/**
 * Memory of an exact size between two margins. A Java kernel that reads or writes outside {@link #inside} gets an
 * exception; the margins tell of a native one that wrote.
 */
public final class GuardedMemory {

    private static final int MARGIN = 128;
    private static final byte CANARY = (byte) 0xA5;

    private final MemorySegment whole;
    private final MemorySegment inside;

    private GuardedMemory(Arena arena, long bytes, int shift) {
        whole = arena.allocate(bytes + 2L * MARGIN, 64);
        whole.fill(CANARY);
        inside = whole.asSlice(MARGIN + shift, bytes);
    }

    /** Memory whose first byte is aligned to 64. */
    public static GuardedMemory aligned(Arena arena, long bytes) {
        return new GuardedMemory(arena, bytes, 0);
    }

    /** Memory whose first byte has an odd address. */
    public static GuardedMemory misaligned(Arena arena, long bytes) {
        return new GuardedMemory(arena, bytes, 1);
    }

    /** The memory, filled with bytes that are neither zeros nor ordinary numbers until something is written. */
    public MemorySegment inside() {
        return inside;
    }

    /** Fails if a byte of a margin has changed. */
    public void check(String what) {
        long first = inside.address() - whole.address();
        check(what, 0, first);
        check(what, first + inside.byteSize(), whole.byteSize());
    }

    private void check(String what, long from, long to) {
        for (long i = from; i < to; i++) {
            long at = i - inside.address() + whole.address();
            assertEquals(CANARY, whole.get(ValueLayout.JAVA_BYTE, i),
                    () -> what + ": a byte outside was written, at " + at + " of " + inside.byteSize());
        }
    }
}
