package org.alcove.kernel.symint4;

import org.alcove.api.kernel.PackedLayout;
import org.alcove.api.kernel.QuantizationKernel;
import org.alcove.testkit.kernel.KernelContract;

/** The reference equals itself; what it must be besides, {@link GoldenQ40Test} says. */
class ReferenceSymInt4Test extends KernelContract {

    @Override
    protected QuantizationKernel kernel() {
        return new ReferenceSymInt4();
    }

    @Override
    protected QuantizationKernel reference() {
        return new ReferenceSymInt4();
    }

    /** One step in eight where the other sign is as large as the extreme, and the rounding of the scale eight times. */
    @Override
    protected double packingError(PackedLayout layout) {
        return layout.name().contains("bf16") ? 1 / 8.0 + 1 / 256.0 : 1 / 8.0 + 1 / 1024.0;
    }
}
