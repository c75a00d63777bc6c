package org.alcove.kernel.asymint4;

import org.alcove.api.kernel.PackedLayout;
import org.alcove.api.kernel.QuantizationKernel;
import org.alcove.testkit.kernel.KernelContract;

/** The reference equals itself; what it must be besides, {@link GoldenQ41Test} says. */
class ReferenceAsymInt4Test extends KernelContract {

    @Override
    protected QuantizationKernel kernel() {
        return new ReferenceAsymInt4();
    }

    @Override
    protected QuantizationKernel reference() {
        return new ReferenceAsymInt4();
    }

    /** Half a step, of which fifteen span at most twice the largest value, and the rounding of scale and minimum. */
    @Override
    protected double packingError(PackedLayout layout) {
        return layout.name().contains("bf16") ? 1 / 15.0 + 1 / 128.0 : 1 / 15.0 + 1 / 512.0;
    }
}
