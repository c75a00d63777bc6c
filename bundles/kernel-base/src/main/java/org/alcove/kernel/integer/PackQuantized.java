package org.alcove.kernel.integer;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.alcove.api.kernel.PackedLayout;
import org.alcove.api.kernel.Plane;

/** The layouts of 4-bit weights in Hugging Face folders: {@code pack_quantized_f16}, {@code _bf16} and {@code _f32}. */
public final class PackQuantized {

    /** Name of the plane of codes. */
    public static final String CODES = "weight_packed";
    /** Name of the plane of scales. */
    public static final String SCALES = "weight_scale";
    /** Name of the plane of zero points. */
    public static final String ZEROS = "weight_zero_point";

    private static final String PREFIX = "pack_quantized_";
    private static final List<Integer> GROUPS = List.of(32, 64, 128, 256, 512, 1024, PackedLayout.CHANNEL);

    private static final ScaleType[] TYPES = ScaleType.values();

    private PackQuantized() {
    }

    /** Every group size with every type of scale, with or without a plane of zero points. */
    public static List<PackedLayout> layouts(String format, boolean zeroPoints) {
        List<PackedLayout> layouts = new ArrayList<>();
        for (ScaleType type : ScaleType.values()) {
            for (int group : GROUPS) {
                layouts.add(layout(format, type, group, zeroPoints));
            }
        }
        return List.copyOf(layouts);
    }

    private static PackedLayout layout(String format, ScaleType type, int group, boolean zeroPoints) {
        int columns = group == PackedLayout.CHANNEL ? Plane.ROW : group;
        List<Plane> planes = new ArrayList<>();
        planes.add(new Plane(CODES, 1, 8, 4));
        planes.add(new Plane(SCALES, 1, columns, type.bytes()));
        if (zeroPoints) {
            planes.add(new Plane(ZEROS, 8, columns, 4));
        }
        return PackedLayout.of(format, PREFIX + type.name().toLowerCase(Locale.ROOT), group, planes);
    }

    /** Whether a layout is one of these. */
    public static boolean is(PackedLayout layout) {
        return layout.name().startsWith(PREFIX) && !InterleavedLayouts.is(layout);
    }

    /** How a layout stores its scales. */
    public static ScaleType scaleType(PackedLayout layout) {
        // Asked for each range of rows of a product, so no text is made of it.
        String name = layout.name();
        for (ScaleType type : TYPES) {
            if (name.length() == PREFIX.length() + type.name().length()
                    && name.regionMatches(true, PREFIX.length(), type.name(), 0, type.name().length())) {
                return type;
            }
        }
        throw new IllegalArgumentException("there is no type of scales for the layout " + name);
    }
}
