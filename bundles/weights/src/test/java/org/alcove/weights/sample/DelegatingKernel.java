package org.alcove.weights.sample;

import java.lang.foreign.MemorySegment;
import java.util.List;
import org.alcove.api.kernel.FloatMatrix;
import org.alcove.api.kernel.MatrixShape;
import org.alcove.api.kernel.PackedLayout;
import org.alcove.api.kernel.PackedMatrix;
import org.alcove.api.kernel.QuantizationKernel;
import org.alcove.api.kernel.RowRange;

/** A kernel that does what another one does, for tests that change one thing. */
public class DelegatingKernel implements QuantizationKernel {

    private final QuantizationKernel delegate;

    public DelegatingKernel(QuantizationKernel delegate) {
        this.delegate = delegate;
    }

    @Override
    public List<PackedLayout> layouts() {
        return delegate.layouts();
    }

    @Override
    public void pack(FloatMatrix source, PackedMatrix target) {
        delegate.pack(source, target);
    }

    @Override
    public void unpack(PackedMatrix source, RowRange rows, MemorySegment target) {
        delegate.unpack(source, rows, target);
    }

    @Override
    public void repack(PackedMatrix from, PackedMatrix to) {
        delegate.repack(from, to);
    }

    @Override
    public long preparedBytes(int tokens, int columns, PackedLayout layout) {
        return delegate.preparedBytes(tokens, columns, layout);
    }

    @Override
    public long scratchBytes(int tokens, MatrixShape shape) {
        return delegate.scratchBytes(tokens, shape);
    }

    @Override
    public void prepare(MemorySegment activations, int tokens, int columns, PackedLayout layout, MemorySegment prepared) {
        delegate.prepare(activations, tokens, columns, layout, prepared);
    }

    @Override
    public void multiply(MemorySegment prepared, int tokens, PackedMatrix weights, RowRange rows, MemorySegment y,
            MemorySegment scratch) {
        delegate.multiply(prepared, tokens, weights, rows, y, scratch);
    }
}
