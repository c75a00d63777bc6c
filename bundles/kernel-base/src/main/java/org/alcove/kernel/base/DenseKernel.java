package org.alcove.kernel.base;

import java.lang.foreign.MemorySegment;
import java.util.List;
import org.alcove.api.kernel.FloatMatrix;
import org.alcove.api.kernel.MatrixShape;
import org.alcove.api.kernel.PackedLayout;
import org.alcove.api.kernel.PackedMatrix;
import org.alcove.api.kernel.QuantizationKernel;

/** What all tiers of dense weights do alike: everything but the two jobs that take time, unpacking and multiplying. */
abstract class DenseKernel implements QuantizationKernel {

    @Override
    public List<PackedLayout> layouts() {
        return DenseFormat.layouts();
    }

    @Override
    public final void pack(FloatMatrix source, PackedMatrix target) {
        DensePacking.pack(source, target);
    }

    @Override
    public final void repack(PackedMatrix from, PackedMatrix to) {
        DensePacking.repack(from, to);
    }

    @Override
    public final long preparedBytes(int tokens, int columns, PackedLayout layout) {
        return tokens * DensePacking.preparedStride(columns);
    }

    @Override
    public long scratchBytes(int tokens, MatrixShape shape) {
        return 0;
    }

    @Override
    public final void prepare(MemorySegment activations, int tokens, int columns, PackedLayout layout, MemorySegment prepared) {
        prepareTokens(activations, 0, tokens, columns, layout, prepared);
    }

    @Override
    public final boolean preparesApart() {
        return true;
    }

    @Override
    public final void prepareTokens(MemorySegment activations, int first, int end, int columns, PackedLayout layout,
            MemorySegment prepared) {
        DensePacking.prepare(activations, first, end, columns, prepared);
    }
}
