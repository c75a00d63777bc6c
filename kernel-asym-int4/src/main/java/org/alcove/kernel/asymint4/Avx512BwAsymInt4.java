package org.alcove.kernel.asymint4;

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

/** {@code asym_int4} by AVX-512 with byte operations. */
@Component(service = QuantizationKernel.class, property = QuantizationFormat.TIER + "=avx512-bw",
        reference = {
            @Reference(name = "avx512f", service = Condition.class, target = "(osgi.condition.id=cpu.avx512f)"),
            @Reference(name = "avx512vl", service = Condition.class, target = "(osgi.condition.id=cpu.avx512vl)"),
            @Reference(name = "avx512dq", service = Condition.class, target = "(osgi.condition.id=cpu.avx512dq)"),
            @Reference(name = "fma", service = Condition.class, target = "(osgi.condition.id=cpu.fma)")
        })
@QuantizationFormat(AsymInt4Format.NAME)
@ServiceRanking(220)
@SatisfyingConditionTarget("(osgi.condition.id=cpu.avx512bw)")
public final class Avx512BwAsymInt4 extends NativeKernel {

    /** Makes the kernel and opens its library. */
    @Activate
    public Avx512BwAsymInt4() {
        super(new InterleavedFormat(new AsymInt4Format()), "avx512-bw");
    }

    @Override
    @Deactivate
    public void close() {
        super.close();
    }
}
