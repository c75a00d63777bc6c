package org.alcove.engine.numeric;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeFalse;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.lang.foreign.MemorySegment;
import java.util.List;
import org.alcove.engine.KvType;
import org.junit.jupiter.api.Test;

/** Native code touches nothing beside the memory it was given: a test that fails ends the virtual machine. */
class GuardPageTest {

    private static final List<Arithmetic> NATIVE =
            Tiers.fast().stream().filter(arithmetic -> arithmetic instanceof NativeArithmetic).toList();
    private static final int[] COUNTS = {1, 2, 7, 8, 9, 15, 16, 17, 31, 33, 63, 100};

    @Test
    void rowsAreReadAndWrittenToTheirEnds() {
        assumeTestable();
        for (boolean atEnd : new boolean[] {true, false}) {
            for (int count : COUNTS) {
                try (GuardedMemory memory = new GuardedMemory(atEnd)) {
                    NATIVE.forEach(arithmetic -> rows(arithmetic, memory, count));
                }
            }
        }
    }

    private static void assumeTestable() {
        assumeTrue(System.getProperty("os.name").equals("Linux"), "NOT TESTED: guarded memory is known for Linux only");
        assumeFalse(NATIVE.isEmpty(), "NOT TESTED: there is no native tier, for lack of a C compiler or of AVX2");
    }

    private static void rows(Arithmetic arithmetic, GuardedMemory memory, int count) {
        MemorySegment x = memory.allocate(8L * count);
        MemorySegment y = memory.allocate(8L * count);
        MemorySegment row = memory.allocate(4L * count);
        arithmetic.normalize(x, y, 0, 2, row, 1e-5f);
        arithmetic.add(x, y, 0, 2 * count);
        arithmetic.addRow(x, 0, 2, row);
        arithmetic.gate(x, y, 0, 2 * count);
        arithmetic.exponentials(row, row, count, 0, 1);
        assertEquals(1, arithmetic.max(row, count));
        assertEquals(true, arithmetic.isFinite(row, count));
        for (boolean halves : new boolean[] {true, false}) {
            MemorySegment heads = memory.allocate(2 * 3 * 4L * 2 * count);
            arithmetic.rotate(heads, 3, 2 * count, 0, 2, new Rotation(memory.allocate(2 * 4L * 2 * count), count, halves));
        }
    }

    @Test
    void attentionStaysInItsBlocks() {
        assumeTestable();
        for (boolean atEnd : new boolean[] {true, false}) {
            for (KvType type : KvType.values()) {
                for (int size : new int[] {2, 10, 16, 24, 64, 100}) {
                    NATIVE.forEach(arithmetic -> attention(arithmetic, new KvLayout(type, 1, 2, size), atEnd));
                }
            }
        }
    }

    private static void attention(Arithmetic arithmetic, KvLayout layout, boolean atEnd) {
        int tokens = 5;
        GuardedMemory memory = new GuardedMemory(atEnd);
        MemorySegment[] blocks = {memory.allocate(layout.blockBytes()), memory.allocate(layout.blockBytes())};
        try (AttentionStep step = new AttentionStep(memory, layout, 6, Integer.MAX_VALUE, tokens, 1)) {
            int[] table = {0, 1};
            for (int first = 0; first < 125; first += tokens) {
                int[] positions = {first, first + 1, first + 2, first + 3, first + 4};
                step.begin(tokens, positions, new int[][] {table, table, table, table, table}, blocks);
                arithmetic.store(step, 0, 0, tokens);
                arithmetic.attend(step, 0, 0, 0, step.unitAt(step.cost()));
            }
        }
    }
}
