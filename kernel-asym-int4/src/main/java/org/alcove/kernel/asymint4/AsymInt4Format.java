package org.alcove.kernel.asymint4;

import java.util.List;
import java.util.stream.Stream;
import org.alcove.api.kernel.FloatMatrix;
import org.alcove.api.kernel.PackedLayout;
import org.alcove.api.kernel.PackedMatrix;
import org.alcove.api.kernel.Plane;
import org.alcove.kernel.integer.IntegerRows;
import org.alcove.kernel.integer.NibbleBlocks;
import org.alcove.kernel.integer.NibbleFormat;
import org.alcove.kernel.integer.PackQuantized;
import org.alcove.kernel.integer.Repacking;
import org.alcove.kernel.integer.ScaleType;
import org.alcove.kernel.integer.SourceRows;
import org.alcove.kernel.integer.WeightGroups;

/** Asymmetric 4-bit weights: GGUF Q4_1 blocks with float minima, Hugging Face folders with integer zero points. */
final class AsymInt4Format implements NibbleFormat {

    static final String NAME = "asym_int4";

    private static final int LARGEST_CODE = 15;
    private static final PackedLayout BLOCKS = PackedLayout.of(NAME, "q4_1", NibbleBlocks.WEIGHTS,
            List.of(new Plane("blocks", 1, NibbleBlocks.WEIGHTS, 20)));

    private final List<PackedLayout> layouts =
            Stream.concat(Stream.of(BLOCKS), PackQuantized.layouts(NAME, true).stream()).toList();

    @Override
    public List<PackedLayout> layouts() {
        return layouts;
    }

    @Override
    public IntegerRows rows(PackedMatrix matrix) {
        return PackQuantized.is(matrix.layout()) ? new ZeroRows(matrix) : new MinimumRows(matrix);
    }

    @Override
    public void pack(FloatMatrix source, PackedMatrix target) {
        if (PackQuantized.is(target.layout())) {
            packZeros(source, target);
        } else {
            packMinima(source, target);
        }
    }

    /** The rule of GGUF's Q4_1: codes are taken with scale and minimum before they are rounded to float16. */
    private static void packMinima(FloatMatrix source, PackedMatrix target) {
        MinimumRows rows = new MinimumRows(target);
        SourceRows weights = new SourceRows(source);
        int columns = target.shape().columns();
        byte[] codes = new byte[columns];
        for (int row = 0; row < target.shape().rows(); row++) {
            float[] values = weights.read(row);
            for (int first = 0; first < columns; first += NibbleBlocks.WEIGHTS) {
                Extent extent = Extent.of(values, first, first + NibbleBlocks.WEIGHTS);
                float scale = extent.step();
                float inverse = 1 / scale;
                // A scale of zero, or so small that nothing is its inverse: every weight counts as the minimum.
                boolean flat = !Float.isFinite(inverse);
                for (int i = first; i < first + NibbleBlocks.WEIGHTS; i++) {
                    float code = flat ? 0 : (values[i] - extent.minimum) * inverse + 0.5f;
                    codes[i] = (byte) Math.min(LARGEST_CODE, (int) code);
                }
                rows.put(row, first / NibbleBlocks.WEIGHTS, SourceRows.stored(ScaleType.F16, flat ? 0 : scale, LARGEST_CODE, row),
                        SourceRows.stored(ScaleType.F16, extent.minimum, 1, row));
            }
            rows.putCodes(row, codes);
        }
    }

    /** Codes and zero are taken with the scale as it is stored; zero always has a code. */
    private static void packZeros(FloatMatrix source, PackedMatrix target) {
        ZeroRows rows = new ZeroRows(target);
        ScaleType type = PackQuantized.scaleType(target.layout());
        SourceRows weights = new SourceRows(source);
        int columns = target.shape().columns();
        int group = target.layout().groupColumns(columns);
        byte[] codes = new byte[columns];
        for (int row = 0; row < target.shape().rows(); row++) {
            float[] values = weights.read(row);
            for (int index = 0; index < Math.ceilDiv(columns, group); index++) {
                int first = index * group;
                int end = Math.min(columns, first + group);
                Extent extent = Extent.of(values, first, end).withZero();
                float scale = SourceRows.stored(type, extent.step(), LARGEST_CODE, row);
                int zero = scale == 0 ? 0 : clamp(Math.rint(-extent.minimum / scale));
                for (int i = first; i < end; i++) {
                    codes[i] = (byte) (scale == 0 ? 0 : clamp(Math.rint(values[i] / scale) + zero));
                }
                rows.putScale(row, index, scale);
                rows.putZero(row, index, zero);
            }
            rows.putCodes(row, codes);
        }
    }

    private static int clamp(double code) {
        return (int) Math.clamp(code, 0, LARGEST_CODE);
    }

    @Override
    public void store(IntegerRows source, PackedMatrix matrix) {
        if (source.hasMinimum() == PackQuantized.is(matrix.layout())) {
            throw Repacking.minimaAndZeros();
        }
        WeightGroups groups = WeightGroups.of(matrix);
        byte[] codes = new byte[matrix.shape().columns()];
        for (int row = 0; row < matrix.shape().rows(); row++) {
            groups.codes(source, row, codes);
            if (source.hasMinimum()) {
                storeMinima(source, row, codes, new MinimumRows(matrix), groups);
            } else {
                storeZeros(source, row, codes, new ZeroRows(matrix), groups);
            }
        }
    }

    private static void storeMinima(IntegerRows source, int row, byte[] codes, MinimumRows target, WeightGroups groups) {
        target.putCodes(row, codes);
        for (int group = 0; group < groups.count(); group++) {
            target.put(row, group, source.scale(row, group), source.minimum(row, group));
        }
    }

    private static void storeZeros(IntegerRows source, int row, byte[] codes, ZeroRows target, WeightGroups groups) {
        target.putCodes(row, codes);
        for (int group = 0; group < groups.count(); group++) {
            int prepared = groups.prepared(group);
            target.putScale(row, group, Repacking.exact(target.scaleType(), source.scale(row, prepared), row));
            target.putZero(row, group, source.zero(row, prepared));
        }
    }

    /** Smallest and largest weight of a group. */
    private record Extent(float minimum, float maximum) {

        static Extent of(float[] values, int first, int end) {
            float minimum = values[first];
            float maximum = values[first];
            for (int i = first; i < end; i++) {
                minimum = Math.min(minimum, values[i]);
                maximum = Math.max(maximum, values[i]);
            }
            return new Extent(minimum, maximum);
        }

        Extent withZero() {
            return new Extent(Math.min(minimum, 0), Math.max(maximum, 0));
        }

        float step() {
            return (maximum - minimum) / LARGEST_CODE;
        }
    }
}
