package org.alcove.kernel.integer;

import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Optional;
import org.alcove.api.kernel.MatrixShape;
import org.alcove.api.kernel.PackedLayout;
import org.alcove.api.kernel.PackedMatrix;
import org.alcove.api.kernel.RowRange;

/**
 * A kernel of an integer format whose products are computed by a native library. Where the bundle has no such library, or this
 * machine cannot load it, the kernel accepts no layouts, and so the next tier serves them.
 */
public class NativeKernel extends IntegerKernel implements AutoCloseable {

    private final Optional<NativeArithmetic> arithmetic;

    /**
     * Joins a format and a tier.
     *
     * @param tier name of the library, for example {@code avx2}
     */
    protected NativeKernel(IntegerFormat format, String tier) {
        this(format, NativeArithmetic.open(tier));
    }

    NativeKernel(IntegerFormat format, Optional<NativeArithmetic> arithmetic) {
        super(format);
        this.arithmetic = arithmetic;
    }

    /** Those with rows side by side first: they save this tier what takes most of its time. */
    @Override
    public List<PackedLayout> layouts() {
        if (arithmetic.isEmpty()) {
            return List.of();
        }
        return InterleavedLayouts.first(super.layouts());
    }

    @Override
    public long scratchBytes(int tokens, MatrixShape shape) {
        return NativeArithmetic.scratchBytes(tokens);
    }

    @Override
    public void prepareTokens(MemorySegment activations, int first, int end, int columns, PackedLayout layout,
            MemorySegment prepared) {
        arithmetic.orElseThrow().prepareTokens(activations, first, end, columns, layout, prepared);
    }

    @Override
    public void multiply(MemorySegment prepared, int tokens, PackedMatrix weights, RowRange rows, MemorySegment y,
            MemorySegment scratch) {
        arithmetic.orElseThrow().multiply(prepared, tokens, weights, rows, y, scratch);
    }

    /** Unmaps the library; called when the component is deactivated. */
    @Override
    public void close() {
        arithmetic.ifPresent(NativeArithmetic::close);
    }
}
