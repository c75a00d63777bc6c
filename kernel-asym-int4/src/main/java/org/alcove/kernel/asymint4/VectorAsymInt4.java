package org.alcove.kernel.asymint4;

import org.alcove.api.kernel.QuantizationFormat;
import org.alcove.api.kernel.QuantizationKernel;
import org.alcove.kernel.integer.GroupedKernel;
import org.alcove.kernel.integer.InterleavedFormat;
import org.alcove.kernel.integer.VectorArithmetic;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.propertytypes.SatisfyingConditionTarget;
import org.osgi.service.component.propertytypes.ServiceRanking;

/** {@code asym_int4} by the Vector API. */
@Component(service = QuantizationKernel.class, property = QuantizationFormat.TIER + "=vector")
@QuantizationFormat(AsymInt4Format.NAME)
@ServiceRanking(100)
@SatisfyingConditionTarget("(osgi.condition.id=jvm.vector)")
public final class VectorAsymInt4 extends GroupedKernel {

    /** Makes the kernel. */
    @Activate
    public VectorAsymInt4() {
        super(new InterleavedFormat(new AsymInt4Format()), new VectorArithmetic());
    }
}
