package org.alcove.kernel.symint4;

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
import org.alcove.kernel.integer.SourceRows;
import org.alcove.kernel.integer.WeightGroups;

/** Symmetric 4-bit weights, as in GGUF Q4_0 blocks and in Hugging Face folders. */
final class SymInt4Format implements NibbleFormat {

    static final String NAME = "sym_int4";

    private static final PackedLayout BLOCKS = PackedLayout.of(NAME, "q4_0", NibbleBlocks.WEIGHTS,
            List.of(new Plane("blocks", 1, NibbleBlocks.WEIGHTS, 18)));

    private final List<PackedLayout> layouts =
            Stream.concat(Stream.of(BLOCKS), PackQuantized.layouts(NAME, false).stream()).toList();

    @Override
    public List<PackedLayout> layouts() {
        return layouts;
    }

    @Override
    public IntegerRows rows(PackedMatrix matrix) {
        return SymInt4Rows.of(matrix);
    }

    @Override
    public void pack(FloatMatrix source, PackedMatrix target) {
        int columns = target.shape().columns();
        int group = target.layout().groupColumns(columns);
        SymInt4Rows rows = SymInt4Rows.of(target);
        SourceRows weights = new SourceRows(source);
        byte[] codes = new byte[columns];
        float[] scales = new float[Math.ceilDiv(columns, group)];
        for (int row = 0; row < target.shape().rows(); row++) {
            float[] values = weights.read(row);
            for (int i = 0; i < scales.length; i++) {
                float scale = quantize(values, i * group, Math.min(columns, (i + 1) * group), codes);
                scales[i] = SourceRows.stored(rows.scaleType(), scale, SymInt4Rows.OFFSET, row);
            }
            rows.put(row, codes, scales);
        }
    }

    /**
     * The rule of GGUF's Q4_0: the value of largest magnitude becomes code 0, so the scale may be negative, and codes are
     * taken with the scale before it is rounded to its stored type.
     *
     * @return the scale
     */
    private static float quantize(float[] values, int first, int end, byte[] codes) {
        float extreme = 0;
        for (int i = first; i < end; i++) {
            if (Math.abs(values[i]) > Math.abs(extreme)) {
                extreme = values[i];
            }
        }
        float scale = extreme / -8;
        float inverse = 1 / scale;
        // A scale of zero, or so small that nothing is its inverse: every weight counts as zero.
        boolean zeros = !Float.isFinite(inverse);
        for (int i = first; i < end; i++) {
            codes[i] = zeros ? SymInt4Rows.OFFSET : (byte) Math.min(15, (int) (values[i] * inverse + 8.5f));
        }
        return zeros ? -0f : scale;
    }

    @Override
    public void store(IntegerRows source, PackedMatrix matrix) {
        SymInt4Rows target = SymInt4Rows.of(matrix);
        WeightGroups groups = WeightGroups.of(matrix);
        byte[] codes = new byte[matrix.shape().columns()];
        float[] scales = new float[groups.count()];
        for (int row = 0; row < matrix.shape().rows(); row++) {
            groups.codes(source, row, codes);
            for (int group = 0; group < scales.length; group++) {
                scales[group] = Repacking.exact(target.scaleType(), source.scale(row, groups.prepared(group)), row);
            }
            target.put(row, codes, scales);
        }
    }
}
