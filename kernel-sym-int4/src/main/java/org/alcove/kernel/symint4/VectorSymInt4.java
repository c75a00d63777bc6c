package org.alcove.kernel.symint4;

import org.alcove.api.kernel.QuantizationFormat;
import org.alcove.api.kernel.QuantizationKernel;
import org.alcove.kernel.integer.GroupedKernel;
import org.alcove.kernel.integer.InterleavedFormat;
import org.alcove.kernel.integer.VectorArithmetic;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.propertytypes.SatisfyingConditionTarget;
import org.osgi.service.component.propertytypes.ServiceRanking;

/** {@code sym_int4} by the Vector API. */
@Component(service = QuantizationKernel.class, property = QuantizationFormat.TIER + "=vector")
@QuantizationFormat(SymInt4Format.NAME)
@ServiceRanking(100)
@SatisfyingConditionTarget("(osgi.condition.id=jvm.vector)")
public final class VectorSymInt4 extends GroupedKernel {

    /** Makes the kernel. */
    @Activate
    public VectorSymInt4() {
        super(new InterleavedFormat(new SymInt4Format()), new VectorArithmetic());
    }
}
