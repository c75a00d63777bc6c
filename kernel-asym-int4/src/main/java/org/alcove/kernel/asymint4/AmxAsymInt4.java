package org.alcove.kernel.asymint4;

import org.alcove.api.kernel.QuantizationFormat;
import org.alcove.api.kernel.QuantizationKernel;
import org.alcove.kernel.integer.InterleavedFormat;
import org.alcove.kernel.integer.TileKernel;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Deactivate;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.propertytypes.SatisfyingConditionTarget;
import org.osgi.service.component.propertytypes.ServiceRanking;
import org.osgi.service.condition.Condition;

/** {@code asym_int4} by AMX-INT8 for many tokens, by AVX512-VNNI for a few. */
@Component(service = QuantizationKernel.class, property = QuantizationFormat.TIER + "=amx-int8",
        reference = {
            @Reference(name = "amx-tile", service = Condition.class, target = "(osgi.condition.id=cpu.amx-tile)"),
            @Reference(name = "avx512vnni", service = Condition.class, target = "(osgi.condition.id=cpu.avx512vnni)"),
            @Reference(name = "avx512bw", service = Condition.class, target = "(osgi.condition.id=cpu.avx512bw)"),
            @Reference(name = "avx512vl", service = Condition.class, target = "(osgi.condition.id=cpu.avx512vl)"),
            @Reference(name = "avx512dq", service = Condition.class, target = "(osgi.condition.id=cpu.avx512dq)"),
            @Reference(name = "fma", service = Condition.class, target = "(osgi.condition.id=cpu.fma)")
        })
@QuantizationFormat(AsymInt4Format.NAME)
@ServiceRanking(240)
@SatisfyingConditionTarget("(osgi.condition.id=cpu.amx-int8)")
public final class AmxAsymInt4 extends TileKernel {

    /** Makes the kernel and opens its library. */
    @Activate
    public AmxAsymInt4() {
        super(new InterleavedFormat(new AsymInt4Format()), "amx-int8");
    }

    @Override
    @Deactivate
    public void close() {
        super.close();
    }
}
