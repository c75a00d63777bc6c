package org.alcove.kernel.integer;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.alcove.api.kernel.FloatMatrix;
import org.alcove.api.kernel.PackedLayout;
import org.alcove.api.kernel.PackedMatrix;

/** A format with the layouts of its files and, for each that has one, the same numbers with rows side by side. */
public final class InterleavedFormat implements IntegerFormat {

    private final NibbleFormat files;
    private final List<PackedLayout> layouts;

    /** Adds layouts to those of files. */
    public InterleavedFormat(NibbleFormat files) {
        this.files = files;
        List<PackedLayout> all = new ArrayList<>(files.layouts());
        files.layouts().forEach(layout -> InterleavedLayouts.of(layout).ifPresent(all::add));
        this.layouts = List.copyOf(all);
    }

    @Override
    public List<PackedLayout> layouts() {
        return layouts;
    }

    @Override
    public IntegerRows rows(PackedMatrix matrix) {
        return InterleavedLayouts.is(matrix.layout()) ? new InterleavedRows(matrix) : files.rows(matrix);
    }

    @Override
    public void pack(FloatMatrix source, PackedMatrix target) {
        if (!InterleavedLayouts.is(target.layout())) {
            files.pack(source, target);
            return;
        }
        Optional<PackedLayout> wanted = Optional.of(target.layout());
        PackedLayout layout = files.layouts().stream().filter(file -> InterleavedLayouts.of(file).equals(wanted)).findFirst()
                .orElseThrow();
        try (Arena arena = Arena.ofShared()) {
            List<MemorySegment> planes = layout.planes().stream().map(plane -> arena.allocate(plane.bytes(target.shape())))
                    .toList();
            PackedMatrix packed = new PackedMatrix(layout, target.shape(), planes);
            files.pack(source, packed);
            repack(packed, target);
        }
    }

    @Override
    public void repack(PackedMatrix from, PackedMatrix to) {
        Repacking.check(from, to);
        if (InterleavedLayouts.is(to.layout())) {
            new InterleavedRows(to).store(rows(from));
        } else {
            files.store(rows(from), to);
        }
    }
}
