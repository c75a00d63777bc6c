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

/** {@code asym_int4} by AVX2 with FMA and F16C. */
@Component(service = QuantizationKernel.class, property = QuantizationFormat.TIER + "=avx2",
        reference = {
            @Reference(name = "fma", service = Condition.class, target = "(osgi.condition.id=cpu.fma)"),
            @Reference(name = "f16c", service = Condition.class, target = "(osgi.condition.id=cpu.f16c)")
        })
@QuantizationFormat(AsymInt4Format.NAME)
@ServiceRanking(200)
@SatisfyingConditionTarget("(osgi.condition.id=cpu.avx2)")
public final class Avx2AsymInt4 extends NativeKernel {

    /** Makes the kernel and opens its library. */
    @Activate
    public Avx2AsymInt4() {
        super(new InterleavedFormat(new AsymInt4Format()), "avx2");
    }

    @Override
    @Deactivate
    public void close() {
        super.close();
    }
}
