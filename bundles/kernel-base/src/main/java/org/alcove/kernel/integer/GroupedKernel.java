package org.alcove.kernel.integer;

import java.lang.foreign.MemorySegment;
import java.util.List;
import org.alcove.api.kernel.MatrixShape;
import org.alcove.api.kernel.PackedLayout;
import org.alcove.api.kernel.PackedMatrix;
import org.alcove.api.kernel.RowRange;

/** A kernel of an integer format: the bytes of the format, and one of the ways to compute with them in Java. */
public class GroupedKernel extends IntegerKernel {

    private final IntegerArithmetic arithmetic;

    /** Joins a format and a tier. */
    protected GroupedKernel(IntegerFormat format, IntegerArithmetic arithmetic) {
        super(format);
        this.arithmetic = arithmetic;
    }

    @Override
    public List<PackedLayout> layouts() {
        return arithmetic.prefersInterleaved() ? InterleavedLayouts.first(super.layouts()) : super.layouts();
    }

    @Override
    public long scratchBytes(int tokens, MatrixShape shape) {
        return arithmetic.scratchBytes(tokens);
    }

    @Override
    public void prepareTokens(MemorySegment activations, int first, int end, int columns, PackedLayout layout,
            MemorySegment prepared) {
        arithmetic.quantize(activations, first, new Activations(prepared, end, PreparedLayout.of(layout, columns)));
    }

    @Override
    public void multiply(MemorySegment prepared, int tokens, PackedMatrix weights, RowRange rows, MemorySegment y,
            MemorySegment scratch) {
        PreparedLayout layout = PreparedLayout.of(weights.layout(), weights.shape().columns());
        arithmetic.multiply(new Activations(prepared, tokens, layout), rows(weights), rows,
                new Output(y, weights.shape().rows()), scratch);
    }
}
