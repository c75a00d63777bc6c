package org.alcove.kernel.integer;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import org.alcove.api.kernel.FloatMatrix;
import org.alcove.api.kernel.MatrixShape;
import org.alcove.api.kernel.PackedLayout;
import org.alcove.api.kernel.PackedMatrix;
import org.alcove.api.kernel.QuantizationKernel;
import org.alcove.api.kernel.RowRange;

/** A kernel of an integer format: the bytes of the format, and one of the ways to compute with them. */
public class GroupedKernel implements QuantizationKernel {

    private final IntegerFormat format;
    private final IntegerArithmetic arithmetic;

    /** Joins a format and a tier. */
    protected GroupedKernel(IntegerFormat format, IntegerArithmetic arithmetic) {
        this.format = format;
        this.arithmetic = arithmetic;
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
    public long preparedBytes(int tokens, int columns, PackedLayout layout) {
        return tokens * PreparedLayout.of(layout, columns).stride();
    }

    @Override
    public long scratchBytes(int tokens, MatrixShape shape) {
        return arithmetic.scratchBytes(tokens);
    }

    @Override
    public void prepare(MemorySegment activations, int tokens, int columns, PackedLayout layout, MemorySegment prepared) {
        arithmetic.quantize(activations, new Activations(prepared, tokens, PreparedLayout.of(layout, columns)));
    }

    @Override
    public void multiply(MemorySegment prepared, int tokens, PackedMatrix weights, RowRange rows, MemorySegment y,
            MemorySegment scratch) {
        PreparedLayout layout = PreparedLayout.of(weights.layout(), weights.shape().columns());
        arithmetic.multiply(new Activations(prepared, tokens, layout), format.rows(weights), rows,
                new Output(y, weights.shape().rows()), scratch);
    }
}
