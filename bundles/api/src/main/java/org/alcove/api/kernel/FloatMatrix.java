package org.alcove.api.kernel;

import java.lang.foreign.MemorySegment;
import org.osgi.annotation.versioning.ProviderType;

/** A source of float32 weights, read some rows at a time so that no matrix need be in memory whole. */
@ProviderType
public interface FloatMatrix {

    /** Shape of the matrix. */
    MatrixShape shape();

    /**
     * Writes {@code rows.size() * columns} float32 values, row by row, to {@code target}.
     *
     * @param rows which rows
     * @param target native byte order, at least {@code 4 * rows.size() * columns} bytes, any alignment
     */
    void read(RowRange rows, MemorySegment target);
}
