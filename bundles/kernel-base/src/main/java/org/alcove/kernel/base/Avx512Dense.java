package org.alcove.kernel.base;

import org.alcove.api.kernel.QuantizationFormat;
import org.alcove.api.kernel.QuantizationKernel;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.propertytypes.SatisfyingConditionTarget;
import org.osgi.service.component.propertytypes.ServiceRanking;
import org.osgi.service.condition.Condition;

/** Dense weights by AVX-512. */
@Component(service = QuantizationKernel.class, property = QuantizationFormat.TIER + "=avx512",
        reference = {
            @Reference(name = "avx512bw", service = Condition.class, target = "(osgi.condition.id=cpu.avx512bw)"),
            @Reference(name = "avx512vl", service = Condition.class, target = "(osgi.condition.id=cpu.avx512vl)"),
            @Reference(name = "avx512dq", service = Condition.class, target = "(osgi.condition.id=cpu.avx512dq)"),
            @Reference(name = "fma", service = Condition.class, target = "(osgi.condition.id=cpu.fma)")
        })
@QuantizationFormat({"f32", "f16", "bf16"})
@ServiceRanking(220)
@SatisfyingConditionTarget("(osgi.condition.id=cpu.avx512f)")
public final class Avx512Dense extends NativeDense {

    /** Makes the kernel and opens its library. */
    @Activate
    public Avx512Dense() {
        super("avx512");
    }

    @Override
    @Deactivate
    public void close() {
        super.close();
    }
}
