package org.alcove.weights.sample;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.alcove.api.kernel.PackedLayout;
import org.alcove.api.kernel.PackedMatrix;
import org.alcove.api.kernel.Plane;
import org.alcove.api.kernel.RowRange;
import org.alcove.weights.checkpoint.Layouts;

/** A kernel for float32 that prefers sixteen rows side by side, and counts what it is used for. */
public final class InterleavingKernel extends DelegatingKernel {

    private static final int ROWS = 16;
    private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;
    private static final PackedLayout INTERLEAVED = PackedLayout.of("f32", "f32.interleaved", Layouts.F32.groupSize(),
            List.of(new Plane("blocks", ROWS, 1, 4 * ROWS)));

    /** Calls of {@link #repack}. */
    public final AtomicInteger repacked = new AtomicInteger();
    /** Products of interleaved rows. */
    public final AtomicInteger interleaved = new AtomicInteger();
    private volatile Runnable onRepack = () -> { };

    public InterleavingKernel() {
        super(new PlainKernel());
    }

    /** What is to happen while a matrix is repacked. */
    public void whileRepacking(Runnable action) {
        onRepack = action;
    }

    @Override
    public List<PackedLayout> layouts() {
        return List.of(INTERLEAVED, Layouts.F32);
    }

    @Override
    public void repack(PackedMatrix from, PackedMatrix to) {
        repacked.incrementAndGet();
        onRepack.run();
        boolean there = to.layout().equals(INTERLEAVED);
        for (int row = 0; row < from.shape().rows(); row++) {
            for (int column = 0; column < from.shape().columns(); column++) {
                long plain = (long) row * from.shape().columns() + column;
                long panel = ((long) row / ROWS * from.shape().columns() + column) * ROWS + row % ROWS;
                to.plane(0).setAtIndex(FLOAT, there ? panel : plain, from.plane(0).getAtIndex(FLOAT, there ? plain : panel));
            }
        }
    }

    @Override
    public void multiply(MemorySegment prepared, int tokens, PackedMatrix weights, RowRange rows, MemorySegment y,
            MemorySegment scratch) {
        if (!weights.layout().equals(INTERLEAVED)) {
            super.multiply(prepared, tokens, weights, rows, y, scratch);
            return;
        }
        interleaved.incrementAndGet();
        try (Arena arena = Arena.ofConfined()) {
            PackedMatrix plain = new PackedMatrix(Layouts.F32, weights.shape(),
                    List.of(arena.allocate(4 * weights.shape().size())));
            int before = repacked.get();
            repack(weights, plain);
            repacked.set(before);
            super.multiply(prepared, tokens, plain, rows, y, scratch);
        }
    }
}
