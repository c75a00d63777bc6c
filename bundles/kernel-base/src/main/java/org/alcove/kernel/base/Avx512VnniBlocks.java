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

/** The block formats of GGUF files by AVX512-VNNI. */
@Component(service = QuantizationKernel.class, property = QuantizationFormat.TIER + "=avx512-vnni",
        reference = {
            @Reference(name = "avx512bw", service = Condition.class, target = "(osgi.condition.id=cpu.avx512bw)"),
            @Reference(name = "avx512vl", service = Condition.class, target = "(osgi.condition.id=cpu.avx512vl)"),
            @Reference(name = "avx512dq", service = Condition.class, target = "(osgi.condition.id=cpu.avx512dq)"),
            @Reference(name = "fma", service = Condition.class, target = "(osgi.condition.id=cpu.fma)")
        })
@QuantizationFormat({"sym_int8", "q5_0", "q5_1", "q4_k", "q5_k", "q6_k"})
@ServiceRanking(230)
@SatisfyingConditionTarget("(osgi.condition.id=cpu.avx512vnni)")
public final class Avx512VnniBlocks extends NativeKernel {

    /** Makes the kernel and opens its library. */
    @Activate
    public Avx512VnniBlocks() {
        super(new BlockFormats(), "avx512-vnni");
    }

    @Override
    @Deactivate
    public void close() {
        super.close();
    }
}
