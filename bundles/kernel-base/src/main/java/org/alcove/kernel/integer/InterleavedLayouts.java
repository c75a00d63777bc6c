package org.alcove.kernel.integer;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import org.alcove.api.kernel.PackedLayout;
import org.alcove.api.kernel.Plane;

/** The layouts in which sixteen rows lie side by side, made for those of files; {@link InterleavedRows} has their bytes. */
public final class InterleavedLayouts {

    /** What is added to the name of the layout of a file. */
    public static final String SUFFIX = ".interleaved";

    static final String MINIMA = "minima";
    static final String ZEROS = "zeros";

    private static final int LARGEST_GROUP = PreparedLayout.MAX_GROUP;

    private InterleavedLayouts() {
    }

    /** The layout for weights that a file holds in that one; none where scales are wider, or groups larger, than is common. */
    static Optional<PackedLayout> of(PackedLayout file) {
        boolean words = PackQuantized.is(file);
        int group = file.groupSize();
        if (group == PackedLayout.CHANNEL || group > LARGEST_GROUP
                || words && PackQuantized.scaleType(file) == ScaleType.F32) {
            return Optional.empty();
        }
        int rows = InterleavedRows.ROWS;
        List<Plane> planes = new ArrayList<>();
        planes.add(new Plane(file.planes().getFirst().name(), rows, InterleavedRows.CHUNK, rows * InterleavedRows.CHUNK / 2));
        planes.add(new Plane("scales", rows, group, rows * Short.BYTES));
        if (file.planes().size() == 3) {
            planes.add(new Plane(ZEROS, rows, group, rows));
        } else if (file.name().equals("q4_1")) {
            planes.add(new Plane(MINIMA, rows, group, rows * Short.BYTES));
        }
        return Optional.of(PackedLayout.of(file.format(), file.name() + SUFFIX, group, planes));
    }

    /** Whether a layout is one of these. */
    public static boolean is(PackedLayout layout) {
        return layout.name().endsWith(SUFFIX);
    }

    /** The same layouts, these before others: the order of a kernel that multiplies them quicker. */
    static List<PackedLayout> first(List<PackedLayout> layouts) {
        return layouts.stream().sorted(Comparator.comparing(layout -> !is(layout))).toList();
    }

    static ScaleType scaleType(PackedLayout layout) {
        return layout.name().endsWith("bf16" + SUFFIX) ? ScaleType.BF16 : ScaleType.F16;
    }
}
