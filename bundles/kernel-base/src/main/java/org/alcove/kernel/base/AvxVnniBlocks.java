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

/** The block formats of GGUF files by AVX-VNNI. */
@Component(service = QuantizationKernel.class, property = QuantizationFormat.TIER + "=avx-vnni",
        reference = {
            @Reference(name = "avx2", service = Condition.class, target = "(osgi.condition.id=cpu.avx2)"),
            @Reference(name = "fma", service = Condition.class, target = "(osgi.condition.id=cpu.fma)"),
            @Reference(name = "f16c", service = Condition.class, target = "(osgi.condition.id=cpu.f16c)")
        })
@QuantizationFormat({"sym_int8", "q5_0", "q5_1", "q4_k", "q5_k", "q6_k"})
@ServiceRanking(210)
@SatisfyingConditionTarget("(osgi.condition.id=cpu.avxvnni)")
public final class AvxVnniBlocks extends NativeKernel {

    /** Makes the kernel and opens its library. */
    @Activate
    public AvxVnniBlocks() {
        super(new BlockFormats(), "avx-vnni");
    }

    @Override
    @Deactivate
    public void close() {
        super.close();
    }
}
