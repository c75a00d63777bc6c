package org.alcove.weights.store;

import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import org.alcove.api.kernel.MatrixShape;
import org.alcove.api.kernel.PackedMatrix;
import org.alcove.api.kernel.Plane;
import org.alcove.api.kernel.RowRange;
import org.alcove.weights.WeightMatrix;

/**
 * A matrix where it lies in the mapped file.
 *
 * @param owner weights it belongs to
 * @param packed its memory
 * @param layoutIndex which of the owner's layouts it has
 */
record MappedMatrix(MappedWeights owner, String name, PackedMatrix packed, int layoutIndex) implements WeightMatrix {

    @Override
    public MatrixShape shape() {
        return packed.shape();
    }

    @Override
    public String format() {
        return packed.layout().format();
    }

    @Override
    public WeightMatrix rows(RowRange rows) {
        MatrixShape shape = shape();
        if (rows.end() > shape.rows() || rows.size() == 0) {
            throw new IllegalArgumentException(name + " has " + shape.rows() + " rows, there are no rows " + rows.first()
                    + " to " + rows.end());
        }
        List<MemorySegment> planes = new ArrayList<>();
        MatrixShape part = new MatrixShape(rows.size(), shape.columns());
        for (int i = 0; i < packed.planes().size(); i++) {
            Plane plane = packed.layout().planes().get(i);
            boolean endsInside = rows.end() % plane.blockRows() != 0 && rows.end() != shape.rows();
            if (rows.first() % plane.blockRows() != 0 || endsInside) {
                throw new IllegalArgumentException(name + ": rows " + rows.first() + " to " + rows.end() + " cut blocks of "
                        + plane.blockRows() + " rows of " + plane.name() + " apart");
            }
            long start = rows.first() / plane.blockRows() * plane.stride(shape.columns());
            planes.add(packed.plane(i).asSlice(start, plane.bytes(part)));
        }
        return new MappedMatrix(owner, name, new PackedMatrix(packed.layout(), part, planes), layoutIndex);
    }

    @Override
    public String toString() {
        return name + " " + shape().rows() + " x " + shape().columns() + " " + packed.layout().name();
    }
}
