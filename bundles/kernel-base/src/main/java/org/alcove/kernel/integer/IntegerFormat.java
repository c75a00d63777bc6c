package org.alcove.kernel.integer;

import java.util.List;
import org.alcove.api.kernel.FloatMatrix;
import org.alcove.api.kernel.PackedLayout;
import org.alcove.api.kernel.PackedMatrix;

/** What distinguishes one integer format from another: its bytes. Stateless; {@link GroupedKernel} does the rest. */
public interface IntegerFormat {

    /** As {@link org.alcove.api.kernel.QuantizationKernel#layouts}. */
    List<PackedLayout> layouts();

    /** The numbers in a matrix of one of the layouts. */
    IntegerRows rows(PackedMatrix matrix);

    /** As {@link org.alcove.api.kernel.QuantizationKernel#pack}. */
    void pack(FloatMatrix source, PackedMatrix target);

    /** As {@link org.alcove.api.kernel.QuantizationKernel#repack}. */
    void repack(PackedMatrix from, PackedMatrix to);
}
