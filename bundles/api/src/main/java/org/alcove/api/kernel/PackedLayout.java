package org.alcove.api.kernel;

import java.util.List;
import org.osgi.annotation.versioning.ProviderType;

/**
 * How the weights of a format lie in memory. Two layouts are equal when all their parts are.
 * Kernels make theirs with {@link #of}; the bytes of each layout are described where its format is documented.
 */
@ProviderType
public interface PackedLayout {

    /** As {@link #groupSize()}: one scale for a whole row (per output channel). */
    int CHANNEL = 0;

    /** Format the layout belongs to, for example {@code sym_int4}. */
    String format();

    /** Name of the layout within all formats, for example {@code q4_0} or {@code pack_quantized_f16}. */
    String name();

    /** Consecutive weights of a row that share a scale, or {@link #CHANNEL}. */
    int groupSize();

    /** Planes, in the order in which {@link PackedMatrix#planes()} lists their memory. */
    List<Plane> planes();

    /** Bytes of a matrix of this shape, all planes together. */
    default long bytes(MatrixShape shape) {
        return planes().stream().mapToLong(plane -> plane.bytes(shape)).sum();
    }

    /** Group size in a row of that many columns: {@link #CHANNEL} resolved. */
    default int groupColumns(int columns) {
        return groupSize() == CHANNEL ? columns : groupSize();
    }

    /** Makes a layout. */
    static PackedLayout of(String format, String name, int groupSize, List<Plane> planes) {
        return new PackedLayoutRecord(format, name, groupSize, List.copyOf(planes));
    }
}
