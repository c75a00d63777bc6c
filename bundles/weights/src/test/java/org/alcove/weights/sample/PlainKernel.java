package org.alcove.weights.sample;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.alcove.api.kernel.FloatMatrix;
import org.alcove.api.kernel.MatrixShape;
import org.alcove.api.kernel.PackedLayout;
import org.alcove.api.kernel.PackedMatrix;
import org.alcove.api.kernel.QuantizationKernel;
import org.alcove.api.kernel.RowRange;
import org.alcove.weights.checkpoint.Layouts;

/** A kernel for float32 that knows whether it is in use and can be told to fail. */
public final class PlainKernel implements QuantizationKernel {

    private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;

    /** Threads that are inside {@link #multiply} now. */
    public final AtomicInteger inside = new AtomicInteger();
    /** Calls of {@link #multiply}. */
    public final AtomicInteger calls = new AtomicInteger();
    private final List<PackedLayout> layouts;
    private volatile RuntimeException failure;
    private volatile boolean removed;

    public PlainKernel(PackedLayout... layouts) {
        this.layouts = layouts.length == 0 ? List.of(Layouts.F32) : List.of(layouts);
    }

    /** From now on every call fails. */
    public void fail(RuntimeException with) {
        failure = with;
    }

    /** From now on a call is an error of the registry, as if the bundle were gone. */
    public void remove() {
        removed = true;
    }

    @Override
    public List<PackedLayout> layouts() {
        check();
        return layouts;
    }

    @Override
    public void pack(FloatMatrix source, PackedMatrix target) {
        check();
    }

    @Override
    public void unpack(PackedMatrix source, RowRange rows, MemorySegment target) {
        check();
        long columns = source.shape().columns();
        MemorySegment.copy(source.plane(0), 4 * rows.first() * columns, target, 0, 4 * rows.size() * columns);
    }

    @Override
    public void repack(PackedMatrix from, PackedMatrix to) {
        throw new UnsupportedOperationException();
    }

    @Override
    public long preparedBytes(int tokens, int columns, PackedLayout layout) {
        check();
        return 4L * tokens * columns;
    }

    @Override
    public long scratchBytes(int tokens, MatrixShape shape) {
        check();
        return 64;
    }

    @Override
    public void prepare(MemorySegment activations, int tokens, int columns, PackedLayout layout, MemorySegment prepared) {
        check();
        prepareTokens(activations, 0, tokens, columns, layout, prepared);
    }

    @Override
    public boolean preparesApart() {
        return true;
    }

    @Override
    public void prepareTokens(MemorySegment activations, int first, int end, int columns, PackedLayout layout,
            MemorySegment prepared) {
        check();
        MemorySegment.copy(activations, 4L * first * columns, prepared, 4L * first * columns, 4L * (end - first) * columns);
    }

    @Override
    public void multiply(MemorySegment prepared, int tokens, PackedMatrix weights, RowRange rows, MemorySegment y,
            MemorySegment scratch) {
        inside.incrementAndGet();
        calls.incrementAndGet();
        int columns = weights.shape().columns();
        for (int token = 0; token < tokens; token++) {
            for (int row = rows.first(); row < rows.end(); row++) {
                float sum = 0;
                for (int c = 0; c < columns; c++) {
                    sum += prepared.getAtIndex(FLOAT, (long) token * columns + c)
                            * weights.plane(0).getAtIndex(FLOAT, (long) row * columns + c);
                }
                y.setAtIndex(FLOAT, (long) token * weights.shape().rows() + row, sum);
            }
        }
        check();
        inside.decrementAndGet();
    }

    private void check() {
        if (removed) {
            throw new IllegalStateException("called after it was unbound");
        }
        if (failure != null) {
            throw failure;
        }
    }
}
