package org.alcove.kernel.base;

import org.alcove.api.kernel.QuantizationFormat;
import org.alcove.api.kernel.QuantizationKernel;
import org.alcove.kernel.integer.GroupedKernel;
import org.alcove.kernel.integer.VectorArithmetic;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.propertytypes.SatisfyingConditionTarget;
import org.osgi.service.component.propertytypes.ServiceRanking;

/** The block formats of GGUF files, by the Java Vector API. */
@Component(service = QuantizationKernel.class, property = QuantizationFormat.TIER + "=vector")
@QuantizationFormat({"sym_int8", "q5_0", "q5_1", "q4_k", "q5_k", "q6_k"})
@ServiceRanking(100)
@SatisfyingConditionTarget("(osgi.condition.id=jvm.vector)")
public final class VectorBlocks extends GroupedKernel {

    public VectorBlocks() {
        super(new VectorBlockFormats(), new VectorArithmetic());
    }
}
