package org.alcove.kernel.base;

import org.alcove.api.kernel.QuantizationFormat;
import org.alcove.api.kernel.QuantizationKernel;
import org.alcove.kernel.integer.NativeKernel;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.propertytypes.SatisfyingConditionTarget;
import org.osgi.service.component.propertytypes.ServiceRanking;
import org.osgi.service.condition.Condition;

/** The block formats of GGUF files by AVX2 with FMA and F16C. */
@Component(service = QuantizationKernel.class, property = QuantizationFormat.TIER + "=avx2",
        reference = {
            @Reference(name = "fma", service = Condition.class, target = "(osgi.condition.id=cpu.fma)"),
            @Reference(name = "f16c", service = Condition.class, target = "(osgi.condition.id=cpu.f16c)")
        })
@QuantizationFormat({"sym_int8", "q5_0", "q5_1", "q4_k", "q5_k", "q6_k"})
@ServiceRanking(200)
@SatisfyingConditionTarget("(osgi.condition.id=cpu.avx2)")
public final class Avx2Blocks extends NativeKernel {

    /** Makes the kernel and opens its library. */
    @Activate
    public Avx2Blocks() {
        super(new BlockFormats(), "avx2");
    }

    @Override
    @Deactivate
    public void close() {
        super.close();
    }
}
