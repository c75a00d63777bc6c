package org.alcove.kernel.base;

import java.lang.foreign.MemorySegment;
import java.util.List;
import org.alcove.api.kernel.FloatMatrix;
import org.alcove.api.kernel.PackedLayout;
import org.alcove.api.kernel.PackedMatrix;
import org.alcove.kernel.integer.IntegerFormat;
import org.alcove.kernel.integer.IntegerRows;

/** All formats of {@link BlockFormat}, read one code at a time. */
class BlockFormats implements IntegerFormat {

    @Override
    public List<PackedLayout> layouts() {
        return BlockFormat.layouts();
    }

    @Override
    public IntegerRows rows(PackedMatrix matrix) {
        Blocks blocks = Blocks.of(matrix);
        return switch (blocks.format()) {
            case Q8_0 -> new Q8Rows(blocks);
            case Q5_0, Q5_1 -> new Q5Rows(blocks);
            case Q4_K, Q5_K -> new QkRows(blocks);
            case Q6_K -> new Q6kRows(blocks);
        };
    }

    @Override
    public void pack(FloatMatrix source, PackedMatrix target) {
        BlockPacking.pack(source, target);
    }

    @Override
    public void repack(PackedMatrix from, PackedMatrix to) {
        if (!from.layout().equals(to.layout()) || !from.shape().equals(to.shape())) {
            throw new IllegalArgumentException("cannot repack " + from.layout().name() + " " + from.shape() + " as "
                    + to.layout().name() + " " + to.shape() + "; layout and shape must be equal");
        }
        MemorySegment.copy(from.plane(0), 0, to.plane(0), 0, from.plane(0).byteSize());
    }
}
