package org.alcove.kernel.integer;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import org.alcove.api.kernel.FloatMatrix;
import org.alcove.api.kernel.PackedLayout;
import org.alcove.api.kernel.PackedMatrix;
import org.alcove.api.kernel.QuantizationKernel;
import org.alcove.api.kernel.RowRange;

/** What the kernels of an integer format share, whatever computes their products: the bytes of the format. */
public abstract class IntegerKernel implements QuantizationKernel {

    private final IntegerFormat format;

    /** A kernel of a format. */
    protected IntegerKernel(IntegerFormat format) {
        this.format = format;
    }

    /** The numbers in a matrix. */
    final IntegerRows rows(PackedMatrix matrix) {
        return format.rows(matrix);
    }

    @Override
    public List<PackedLayout> layouts() {
        return format.layouts();
    }

    @Override
    public void pack(FloatMatrix source, PackedMatrix target) {
        format.pack(source, target);
    }

    @Override
    public void repack(PackedMatrix from, PackedMatrix to) {
        format.repack(from, to);
    }

    /** Section 3 of the specification: each operation rounded once. */
    @Override
    public void unpack(PackedMatrix source, RowRange rows, MemorySegment target) {
        IntegerRows weights = format.rows(source);
        PreparedLayout groups = PreparedLayout.of(source.layout(), source.shape().columns());
        long at = 0;
        for (int row = rows.first(); row < rows.end(); row++) {
            for (int group = 0; group < groups.groups(); group++) {
                float scale = weights.scale(row, group);
                int zero = weights.zero(row, group);
                float minimum = weights.minimum(row, group);
                for (int column = groups.start(group); column < groups.end(group); column++) {
                    float value = scale * (weights.code(row, column) - zero);
                    target.set(ValueLayout.JAVA_FLOAT_UNALIGNED, at, weights.hasMinimum() ? value + minimum : value);
                    at += 4;
                }
            }
        }
    }

    @Override
    public final boolean preparesApart() {
        return true;
    }

    @Override
    public final void prepare(MemorySegment activations, int tokens, int columns, PackedLayout layout, MemorySegment prepared) {
        prepareTokens(activations, 0, tokens, columns, layout, prepared);
    }

    @Override
    public abstract void prepareTokens(MemorySegment activations, int first, int end, int columns, PackedLayout layout,
            MemorySegment prepared);

    @Override
    public long preparedBytes(int tokens, int columns, PackedLayout layout) {
        return tokens * PreparedLayout.stride(layout, columns);
    }
}
