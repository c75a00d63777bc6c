package org.alcove.weights.store;

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
 * @param copy where its interleaved copy will be found
 */
record MappedMatrix(MappedWeights owner, String name, PackedMatrix packed, int layoutIndex, MatrixCopy copy)
        implements WeightMatrix {

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
        for (Plane plane : packed.layout().planes()) {
            if (PackedRows.cut(plane, shape, rows)) {
                throw new IllegalArgumentException(name + ": rows " + rows.first() + " to " + rows.end() + " cut blocks of "
                        + plane.blockRows() + " rows of " + plane.name() + " apart");
            }
        }
        return new MappedMatrix(owner, name, PackedRows.of(packed, rows), layoutIndex, copy.rows(rows));
    }

    @Override
    public String toString() {
        return name + " " + shape().rows() + " x " + shape().columns() + " " + packed.layout().name();
    }
}
