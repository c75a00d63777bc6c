package org.alcove.kernel.base;

import org.alcove.api.kernel.QuantizationFormat;
import org.alcove.api.kernel.QuantizationKernel;
import org.alcove.kernel.integer.GroupedKernel;
import org.alcove.kernel.integer.ReferenceArithmetic;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.propertytypes.ServiceRanking;

/** The block formats of GGUF files, plainly. */
@Component(service = QuantizationKernel.class, property = QuantizationFormat.TIER + "=reference")
@QuantizationFormat({"sym_int8", "q5_0", "q5_1", "q4_k", "q5_k", "q6_k"})
@ServiceRanking(0)
public final class ReferenceBlocks extends GroupedKernel {

    public ReferenceBlocks() {
        super(new BlockFormats(), new ReferenceArithmetic());
    }
}
