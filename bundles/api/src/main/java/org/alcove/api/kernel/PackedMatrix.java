package org.alcove.api.kernel;

import java.lang.foreign.MemorySegment;
import java.util.List;

/**
 * A packed weight matrix: its layout, its shape, and one memory segment for each plane of the layout.
 * The memory belongs to whoever made the segments; values are little-endian; nothing is promised about alignment.
 *
 * @param layout how the planes are to be read
 * @param shape rows by columns
 * @param planes memory of each plane, of exactly the size the layout gives for the shape
 */
public record PackedMatrix(PackedLayout layout, MatrixShape shape, List<MemorySegment> planes) {

    public PackedMatrix {
        planes = List.copyOf(planes);
        if (planes.size() != layout.planes().size()) {
            throw new IllegalArgumentException(
                    "layout " + layout.name() + " has " + layout.planes().size() + " planes, not " + planes.size());
        }
        for (int i = 0; i < planes.size(); i++) {
            long expected = layout.planes().get(i).bytes(shape);
            if (planes.get(i).byteSize() != expected) {
                throw new IllegalArgumentException("plane " + layout.planes().get(i).name() + " of a " + shape.rows() + " x "
                        + shape.columns() + " matrix has " + expected + " bytes, not " + planes.get(i).byteSize());
            }
        }
    }

    /** Memory of the plane with this index. */
    public MemorySegment plane(int index) {
        return planes.get(index);
    }
}
