package org.alcove.engine.numeric;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.Random;
import org.alcove.engine.KvType;
import org.junit.jupiter.api.Test;

/** Every implementation gives the bits of plain Java, for all kinds of heads, windows and caches. */
class AttentionTest {

    private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT;
    private static final List<Arithmetic> FAST = Tiers.fast();
    private static final int ALL = Integer.MAX_VALUE;
    private final Random random = new Random(7);

    /** Two sequences, one of which reads a prompt while the other is at its next token. */
    private record Case(KvLayout layout, int heads, int window, int chunk, int members, float special) {
    }

    private float[] attend(Arithmetic arithmetic, Case c, long seed) {
        Random numbers = new Random(seed);
        int tokens = 150;
        KvLayout layout = c.layout;
        try (Arena arena = Arena.ofConfined();
                AttentionStep step = new AttentionStep(layout, c.heads, c.window, c.chunk + 1, c.members)) {
            MemorySegment[] blocks = new MemorySegment[6];
            for (int i = 0; i < blocks.length; i++) {
                // What no token has written must not be read: not a number would spread.
                blocks[i] = arena.allocate(layout.blockBytes(), 64).fill((byte) 0xff);
            }
            int[][] sequences = {{4, 1, 3}, {0, 2, 5}};
            float[] results = new float[2 * tokens * c.heads * layout.headSize()];
            int at = 0;
            int second = 0;
            for (int first = 0; first < tokens; first += c.chunk) {
                int chunk = Math.min(c.chunk, tokens - first);
                int[] positions = new int[chunk + 1];
                int[][] tables = new int[chunk + 1][];
                for (int t = 0; t < chunk; t++) {
                    positions[t] = first + t;
                    tables[t] = sequences[0];
                }
                positions[chunk] = second++;
                tables[chunk] = sequences[1];
                project(step, numbers, c.special);
                step.begin(chunk + 1, positions, tables, blocks);
                arithmetic.store(step, 1, 0, chunk);
                arithmetic.store(step, 1, chunk, 1);
                computeBy(c.members, arithmetic, step);
                int count = (chunk + 1) * c.heads * layout.headSize();
                MemorySegment.copy(step.result(), FLOAT, 0, results, at, count);
                at += count;
            }
            return results;
        }
    }

    private static void project(AttentionStep step, Random numbers, float special) {
        for (MemorySegment memory : List.of(step.queries(), step.keys(), step.values())) {
            for (long i = 0; i < memory.byteSize() / 4; i++) {
                memory.setAtIndex(FLOAT, i, (float) numbers.nextGaussian());
            }
        }
        step.keys().setAtIndex(FLOAT, 1, special);
    }

    private static void computeBy(int members, Arithmetic arithmetic, AttentionStep step) {
        int cost = step.cost();
        for (int member = 0; member < members; member++) {
            int first = step.unitAt(cost * member / members);
            arithmetic.attend(step, 1, member, first, step.unitAt(cost * (member + 1) / members));
        }
    }

    private void compare(Case c) {
        long seed = random.nextLong();
        float[] plain = attend(new PlainArithmetic(), c, seed);
        for (Arithmetic arithmetic : FAST) {
            assertArrayEquals(plain, attend(arithmetic, c, seed), () -> arithmetic + " " + c);
        }
    }

    private static KvLayout layout(KvType type, int keyHeads, int size) {
        return new KvLayout(type, 2, keyHeads, size);
    }

    @Test
    void allSizesOfHeads() {
        for (int size : new int[] {2, 10, 16, 24, 32, 40, 64, 80, 96, 100, 128, 256}) {
            compare(new Case(layout(KvType.F32, 1, size), 2, ALL, 150, 1, 0));
        }
    }

    @Test
    void headsThatShareKeys() {
        for (int group = 1; group <= 8; group++) {
            compare(new Case(layout(KvType.F32, 2, 16), 2 * group, ALL, 40, 2, 0));
        }
        compare(new Case(layout(KvType.F32, 1, 8), 71, ALL, 5, 3, 0));
    }

    @Test
    void chunksOfAllLengths() {
        for (int chunk : new int[] {1, 2, 3, 7, 63, 64, 65, 149}) {
            compare(new Case(layout(KvType.F32, 2, 20), 4, ALL, chunk, 2, 0));
        }
    }

    @Test
    void windowsOfAllLengths() {
        for (int window : new int[] {1, 2, 3, 63, 64, 65, 70, 129}) {
            compare(new Case(layout(KvType.F32, 2, 20), 4, window, 50, 2, 0));
        }
    }

    @Test
    void allTypesOfCaches() {
        for (KvType type : KvType.values()) {
            for (int size : new int[] {10, 64, 100}) {
                compare(new Case(layout(type, 2, size), 4, 70, 37, 2, 0));
                compare(new Case(layout(type, 1, size), 3, ALL, 1, 2, 1e-40f));
                compare(new Case(layout(type, 2, size), 12, ALL, 2, 2, 0));
                compare(new Case(layout(type, 1, size), 2, ALL, 7, 1, 0));
            }
        }
    }

    @Test
    void numbersThatAreNoneAndInfinitiesSpreadAlike() {
        for (KvType type : KvType.values()) {
            for (float special : new float[] {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, 1e38f, -1e38f}) {
                compare(new Case(layout(type, 1, 16), 2, ALL, 70, 1, special));
            }
        }
    }

    @Test
    void everyUnitBelongsToOneRangeOfCosts() {
        try (AttentionStep step = new AttentionStep(layout(KvType.F32, 2, 4), 6, ALL, 100, 3)) {
            int[] positions = new int[100];
            int[][] tables = new int[100][];
            int[] table = {0, 0, 0, 0, 0};
            for (int t = 0; t < 100; t++) {
                positions[t] = 150 + t;
                tables[t] = table;
            }
            step.begin(100, positions, tables, new MemorySegment[] {MemorySegment.NULL});
            int last = 0;
            for (int cost = 0; cost <= step.cost(); cost++) {
                int unit = step.unitAt(cost);
                assertEquals(true, unit == last || unit == last + 1);
                last = unit;
            }
            assertEquals(100 * 6, rows(step, last));
        }
    }

    private static int rows(AttentionStep step, int units) {
        int rows = 0;
        for (int unit = 0; unit < units; unit++) {
            rows += step.unit(unit, 1) * step.unit(unit, 3);
        }
        return rows;
    }
}
