package org.alcove.kernel.asymint4;

import org.alcove.api.kernel.QuantizationFormat;
import org.alcove.api.kernel.QuantizationKernel;
import org.alcove.kernel.integer.GroupedKernel;
import org.alcove.kernel.integer.InterleavedFormat;
import org.alcove.kernel.integer.ReferenceArithmetic;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.propertytypes.ServiceRanking;

/** The specification of {@code asym_int4} in plain Java. */
@Component(service = QuantizationKernel.class, property = QuantizationFormat.TIER + "=reference")
@QuantizationFormat(AsymInt4Format.NAME)
@ServiceRanking(0)
public final class ReferenceAsymInt4 extends GroupedKernel {

    /** Makes the kernel. */
    @Activate
    public ReferenceAsymInt4() {
        super(new InterleavedFormat(new AsymInt4Format()), new ReferenceArithmetic());
    }
}
