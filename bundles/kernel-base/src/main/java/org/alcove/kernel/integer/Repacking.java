package org.alcove.kernel.integer;

import org.alcove.api.kernel.PackedMatrix;

/** Checks before a matrix is copied from one layout to another, and the refusals. */
public final class Repacking {

    private Repacking() {
    }

    /**
     * Refuses matrices that differ in shape, format or group size.
     *
     * @throws IllegalArgumentException with both values
     */
    public static void check(PackedMatrix from, PackedMatrix to) {
        boolean same = from.shape().equals(to.shape()) && from.layout().format().equals(to.layout().format())
                && from.layout().groupSize() == to.layout().groupSize();
        if (!same) {
            throw new IllegalArgumentException("cannot repack " + describe(from) + " as " + describe(to)
                    + "; shape, format and group size must be equal");
        }
    }

    /**
     * A scale as the target stores it.
     *
     * @throws IllegalArgumentException if the target would round it
     */
    public static float exact(ScaleType type, float scale, int row) {
        if (Float.floatToIntBits(type.round(scale)) != Float.floatToIntBits(scale)) {
            throw new IllegalArgumentException("cannot repack exactly: the scale " + scale + " in row " + row + " would become "
                    + type.round(scale) + " as " + type + "; choose a layout with wider scales");
        }
        return scale;
    }

    /** The refusal where one matrix has float minima and the other integer zero points. */
    public static IllegalArgumentException minimaAndZeros() {
        return new IllegalArgumentException("cannot repack exactly: of two layouts one has float minima and the other integer"
                + " zero points; unpack and pack anew");
    }

    private static String describe(PackedMatrix matrix) {
        return matrix.layout().format() + " " + matrix.layout().name() + ", group " + matrix.layout().groupSize() + ", "
                + matrix.shape().rows() + " x " + matrix.shape().columns();
    }
}
