package org.alcove.kernel.integer;

import org.alcove.api.kernel.PackedMatrix;

/** A format of codes of 0 to 15 that {@link InterleavedFormat} may give layouts with rows side by side. */
public interface NibbleFormat extends IntegerFormat {

    /**
     * Stores the numbers of a matrix of the same shape, format and group size in one of the layouts of {@link #layouts}.
     *
     * @throws IllegalArgumentException if the layout cannot hold them exactly
     */
    void store(IntegerRows source, PackedMatrix target);

    @Override
    default void repack(PackedMatrix from, PackedMatrix to) {
        Repacking.check(from, to);
        store(rows(from), to);
    }
}
