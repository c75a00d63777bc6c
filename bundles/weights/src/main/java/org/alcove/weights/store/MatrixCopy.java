package org.alcove.weights.store;

import org.alcove.api.kernel.PackedMatrix;
import org.alcove.api.kernel.RowRange;

/** The place of a matrix's interleaved copy, empty until there is one. Thread-safe. */
final class MatrixCopy {

    private final MatrixCopy whole;
    private final RowRange rows;
    private volatile PackedMatrix packed;

    MatrixCopy() {
        this(null, null);
    }

    private MatrixCopy(MatrixCopy whole, RowRange rows) {
        this.whole = whole;
        this.rows = rows;
    }

    /** The place of some rows' copy, which is part of this one's. */
    MatrixCopy rows(RowRange some) {
        return new MatrixCopy(this, some);
    }

    /** The copy; null while there is none, or where these rows have none because they cut blocks of the whole apart. */
    PackedMatrix packed() {
        PackedMatrix known = packed;
        if (known == null && whole != null) {
            PackedMatrix all = whole.packed();
            if (all != null && all.layout().planes().stream().noneMatch(plane -> PackedRows.cut(plane, all.shape(), rows))) {
                known = PackedRows.of(all, rows);
                packed = known;
            }
        }
        return known;
    }

    void put(PackedMatrix copy) {
        packed = copy;
    }
}
