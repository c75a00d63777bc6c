package org.alcove.weights.checkpoint;

import java.util.List;
import org.alcove.api.kernel.PackedLayout;
import org.alcove.api.kernel.Plane;

/** Layouts of tensors as they lie in files. Kernels match them by equality; {@code docs/formats.md} has their bytes. */
public final class Layouts {

    /** Name of the plane of every layout that has only one. */
    public static final String BLOCKS = "blocks";

    /**
     * Ending of the name of a layout in which rows lie side by side, after the name of a file's layout for the same numbers. A
     * kernel that lists it before the file's is quicker with it.
     */
    public static final String INTERLEAVED = ".interleaved";

    public static final PackedLayout F32 = dense("f32", 4);
    public static final PackedLayout F16 = dense("f16", 2);
    public static final PackedLayout BF16 = dense("bf16", 2);

    public static final PackedLayout Q4_0 = blocks("sym_int4", "q4_0", 32, 32, 18);
    public static final PackedLayout Q4_1 = blocks("asym_int4", "q4_1", 32, 32, 20);
    public static final PackedLayout Q8_0 = blocks("sym_int8", "q8_0", 32, 32, 34);

    private Layouts() {
    }

    /** A layout of ggml blocks. */
    public static PackedLayout blocks(String format, String name, int groupSize, int blockColumns, int blockBytes) {
        return PackedLayout.of(format, name, groupSize, List.of(new Plane(BLOCKS, 1, blockColumns, blockBytes)));
    }

    /**
     * The compressed-tensors layout {@code pack-quantized}, 4 bits.
     *
     * @param symmetric whether zero points are missing
     * @param groupSize weights per scale, or {@link PackedLayout#CHANNEL}
     * @param scale layout of a dense tensor of the scale's type
     */
    public static PackedLayout packQuantized(boolean symmetric, int groupSize, PackedLayout scale) {
        int across = groupSize == PackedLayout.CHANNEL ? Plane.ROW : groupSize;
        int scaleBytes = scale.planes().getFirst().blockBytes();
        Plane packed = new Plane("weight_packed", 1, 8, 4);
        Plane scales = new Plane("weight_scale", 1, across, scaleBytes);
        List<Plane> planes = symmetric ? List.of(packed, scales)
                : List.of(packed, scales, new Plane("weight_zero_point", 8, across, 4));
        return PackedLayout.of(symmetric ? "sym_int4" : "asym_int4", "pack_quantized_" + scale.name(), groupSize, planes);
    }

    /** Whether a layout holds plain floating-point numbers. */
    public static boolean isDense(PackedLayout layout) {
        return layout.equals(F32) || layout.equals(F16) || layout.equals(BF16);
    }

    /** Whether a layout holds the numbers of a file's layout with rows side by side. */
    public static boolean isInterleaved(PackedLayout layout, PackedLayout file) {
        return layout.name().equals(file.name() + INTERLEAVED) && layout.format().equals(file.format())
                && layout.groupSize() == file.groupSize();
    }

    private static PackedLayout dense(String name, int bytes) {
        return blocks(name, name, 1, 1, bytes);
    }
}
