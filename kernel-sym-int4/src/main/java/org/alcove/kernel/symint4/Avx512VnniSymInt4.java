package org.alcove.kernel.symint4;

import org.alcove.api.kernel.QuantizationFormat;
import org.alcove.api.kernel.QuantizationKernel;
import org.alcove.kernel.integer.InterleavedFormat;
import org.alcove.kernel.integer.NativeKernel;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.propertytypes.SatisfyingConditionTarget;
import org.osgi.service.component.propertytypes.ServiceRanking;
import org.osgi.service.condition.Condition;

/** {@code sym_int4} by AVX512-VNNI. */
@Component(service = QuantizationKernel.class, property = QuantizationFormat.TIER + "=avx512-vnni",
        reference = {
            @Reference(name = "avx512bw", service = Condition.class, target = "(osgi.condition.id=cpu.avx512bw)"),
            @Reference(name = "avx512vl", service = Condition.class, target = "(osgi.condition.id=cpu.avx512vl)"),
            @Reference(name = "avx512dq", service = Condition.class, target = "(osgi.condition.id=cpu.avx512dq)"),
            @Reference(name = "fma", service = Condition.class, target = "(osgi.condition.id=cpu.fma)")
        })
@QuantizationFormat(SymInt4Format.NAME)
@ServiceRanking(230)
@SatisfyingConditionTarget("(osgi.condition.id=cpu.avx512vnni)")
public final class Avx512VnniSymInt4 extends NativeKernel {

    /** Makes the kernel and opens its library. */
    @Activate
    public Avx512VnniSymInt4() {
        super(new InterleavedFormat(new SymInt4Format()), "avx512-vnni");
    }

    @Override
    @Deactivate
    public void close() {
        super.close();
    }
}
