package org.alcove.engine.forward;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.alcove.api.kernel.QuantizationKernel;
import org.alcove.api.kernel.RowRange;
import org.alcove.engine.memory.MemoryModel;
import org.alcove.engine.memory.MemoryWeights;
import org.alcove.kernel.base.ReferenceDense;
import org.alcove.weights.KernelLease;
import org.alcove.weights.WeightMatrix;
import org.junit.jupiter.api.Test;

/** How the preparing of a batch is split over a team of three. */
class ProductsTest {

    private static final int COLUMNS = 1024;
    private static final int ROWS = 5;
    /** Enough for three members to be worth it, and no multiple of three. */
    private static final int TOKENS = 100;

    private final QuantizationKernel reference = new ReferenceDense();
    private final AtomicIntegerArray computed = new AtomicIntegerArray(TOKENS);
    private final List<RowRange> prepared = Collections.synchronizedList(new ArrayList<>());
    private boolean sharing = true;
    private final List<Integer> together = Collections.synchronizedList(new ArrayList<>());

    @Test
    void eachTokenIsComputedAndPreparedOnceByMembersSideBySide() throws Exception {
        float[] alone = products(true, 1);
        assertEquals(List.of(new RowRange(0, TOKENS)), prepared);
        prepared.clear();
        assertArrayEquals(alone, products(true, 3));
        assertEquals(3, prepared.size());
        int[] times = new int[TOKENS];
        prepared.forEach(part -> {
            for (int t = part.first(); t < part.end(); t++) {
                times[t]++;
            }
        });
        for (int t = 0; t < TOKENS; t++) {
            assertEquals(1, times[t], "token " + t + " was prepared");
            assertEquals(2, computed.get(t), "token " + t + " was computed in two runs");
        }
        assertTrue(together.isEmpty());
    }

    @Test
    void aKernelThatPreparesABatchTogetherIsHandedAllOfItOnceItIsComputed() throws Exception {
        float[] apart = products(true, 3);
        prepared.clear();
        assertArrayEquals(apart, products(false, 3));
        assertEquals(List.of(TOKENS), together);
        assertTrue(prepared.isEmpty());
    }

    @Test
    void matricesThatShareNoPreparedActivationsHaveTheirOwn() throws Exception {
        sharing = false;
        float[] own = products(true, 3);
        assertEquals(6, prepared.size());
        sharing = true;
        prepared.clear();
        assertArrayEquals(own, products(true, 3));
        assertEquals(3, prepared.size());
    }

    private KernelLease lease(MemoryWeights weights) {
        KernelLease lease = weights.lease();
        return (KernelLease) Proxy.newProxyInstance(getClass().getClassLoader(), new Class<?>[] {KernelLease.class},
                (proxy, method, arguments) -> method.getName().equals("sharesPrepared") ? sharing
                        : method.invoke(lease, arguments));
    }

    private float[] products(boolean apart, int members) throws Exception {
        MemoryModel model = new MemoryModel("llama").matrix("m", ROWS, COLUMNS).matrix("n", ROWS, COLUMNS);
        float[] numbers = new float[TOKENS * COLUMNS];
        Random random = new Random(5);
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = random.nextFloat() - 0.5f;
        }
        try (MemoryWeights weights = new MemoryWeights(model, watched(apart)); Team team = new Team("products", members);
                Products products = new Products(team); KernelLease lease = lease(weights); Arena arena = Arena.ofShared()) {
            MemorySegment x = arena.allocate(4L * numbers.length, 64);
            MemorySegment y = arena.allocate(2 * 4L * TOKENS * ROWS, 64);
            MemorySegment[] halves = {y.asSlice(0, y.byteSize() / 2), y.asSlice(y.byteSize() / 2)};
            Team.Task before = (member, first, end) -> {
                MemorySegment.copy(numbers, first * COLUMNS, x, ValueLayout.JAVA_FLOAT, 4L * first * COLUMNS,
                        (end - first) * COLUMNS);
                for (int t = first; t < end; t++) {
                    computed.incrementAndGet(t);
                }
            };
            WeightMatrix[] matrices = {weights.matrix("m"), weights.matrix("n")};
            products.multiply(lease, matrices, before, x, TOKENS, halves);
            return y.toArray(ValueLayout.JAVA_FLOAT);
        }
    }

    /** The reference, which notes what it is asked to prepare. */
    private QuantizationKernel watched(boolean apart) {
        return (QuantizationKernel) Proxy.newProxyInstance(getClass().getClassLoader(), new Class<?>[] {QuantizationKernel.class},
                (proxy, method, arguments) -> {
                    switch (method.getName()) {
                        case "preparesApart" -> {
                            return apart;
                        }
                        case "prepareTokens" -> prepared.add(new RowRange((int) arguments[1], (int) arguments[2]));
                        case "prepare" -> together.add((int) arguments[1]);
                        default -> {
                        }
                    }
                    return method.invoke(reference, arguments);
                });
    }
}
