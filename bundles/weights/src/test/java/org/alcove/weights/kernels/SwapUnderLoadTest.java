package org.alcove.weights.kernels;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import org.alcove.api.kernel.MatrixShape;
import org.alcove.api.kernel.PackedMatrix;
import org.alcove.api.kernel.QuantizationKernel;
import org.alcove.api.kernel.RowRange;
import org.alcove.weights.checkpoint.Layouts;
import org.alcove.weights.sample.PlainKernel;
import org.alcove.weights.sample.Services;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.osgi.framework.ServiceReference;

class SwapUnderLoadTest {

    private static final int SWAPS = 100;
    private static final int THREADS = 3;
    private static final MatrixShape SHAPE = new MatrixShape(16, 16);

    private final KernelRegistry registry = new KernelRegistry(() -> false);
    private final KernelSelection selection = registry.select(List.of(Layouts.F32));
    private PlainKernel current;
    private final AtomicBoolean stop = new AtomicBoolean();

    @Test
    @Timeout(300)
    void kernelsAreReplacedWithoutAFailedMultiplication() throws Exception {
        registry.bind(new PlainKernel(), reference(0));
        try (ExecutorService threads = Executors.newFixedThreadPool(THREADS)) {
            List<Future<Integer>> multiplying = new ArrayList<>();
            for (int i = 0; i < THREADS; i++) {
                multiplying.add(threads.submit(multiplications()));
            }
            try {
                swap(multiplying);
            } finally {
                stop.set(true);
            }
            int all = 0;
            for (Future<Integer> one : multiplying) {
                all += one.get();
            }
            assertTrue(all >= SWAPS, "only " + all);
        }
    }

    private void swap(List<Future<Integer>> multiplying) {
        for (int i = 1; i <= SWAPS; i++) {
            PlainKernel next = new PlainKernel();
            registry.bind(next, reference(i));
            registry.unbind(null, reference(i - 1));
            if (i > 1) {
                assertEquals(0, current.inside.get(), "it was unbound while it multiplied");
                current.remove();
            }
            current = next;
            while (next.calls.get() == 0 && multiplying.stream().noneMatch(Future::isDone)) {
                Thread.yield();
            }
        }
    }

    private Callable<Integer> multiplications() {
        return () -> {
            int done = 0;
            try (Arena arena = Arena.ofConfined()) {
                MemorySegment memory = arena.allocate(4L * SHAPE.size());
                MemorySegment y = arena.allocate(4L * SHAPE.rows());
                PackedMatrix matrix = new PackedMatrix(Layouts.F32, SHAPE, List.of(memory));
                while (!stop.get()) {
                    try (KernelHold hold = selection.hold()) {
                        hold.kernel(0).multiply(memory, 1, matrix, RowRange.all(SHAPE), y, memory);
                    }
                    done++;
                }
            }
            return done;
        };
    }

    /** Rankings alternate, so that the newcomer takes over at once or when the old one leaves. */
    private static ServiceReference<QuantizationKernel> reference(long id) {
        return Services.reference(Map.of("service.id", id, "service.ranking", (int) (id % 3), "alcove.tier", "swap " + id,
                "alcove.quantization.format", new String[] {"f32"}));
    }
}
