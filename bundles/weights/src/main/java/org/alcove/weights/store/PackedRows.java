package org.alcove.weights.store;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.alcove.api.kernel.MatrixShape;
import org.alcove.api.kernel.PackedMatrix;
import org.alcove.api.kernel.Plane;
import org.alcove.api.kernel.RowRange;

/** Some rows of a packed matrix as a packed matrix of their own. */
final class PackedRows {

    private PackedRows() {
    }

    /** Whether some rows begin or end inside a block of that plane. */
    static boolean cut(Plane plane, MatrixShape shape, RowRange rows) {
        return rows.first() % plane.blockRows() != 0 || rows.end() % plane.blockRows() != 0 && rows.end() != shape.rows();
    }

    /** Offset in a plane of a row that a block begins with. */
    static long start(Plane plane, int columns, int row) {
        return row / plane.blockRows() * plane.stride(columns);
    }

    /** The rows, where they cut no block. */
    static PackedMatrix of(PackedMatrix packed, RowRange rows) {
        int columns = packed.shape().columns();
        MatrixShape part = new MatrixShape(rows.size(), columns);
        List<MemorySegment> planes = new ArrayList<>();
        for (int i = 0; i < packed.planes().size(); i++) {
            Plane plane = packed.layout().planes().get(i);
            planes.add(packed.plane(i).asSlice(start(plane, columns, rows.first()), plane.bytes(part)));
        }
        return new PackedMatrix(packed.layout(), part, planes);
    }
}
