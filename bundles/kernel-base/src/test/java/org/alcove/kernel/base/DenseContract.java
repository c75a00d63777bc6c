package org.alcove.kernel.base;

import org.alcove.api.kernel.PackedLayout;
import org.alcove.api.kernel.QuantizationKernel;
import org.alcove.testkit.kernel.KernelContract;

/** The contract for dense formats, whose only error is one rounding. */
abstract class DenseContract extends KernelContract {

    @Override
    protected QuantizationKernel reference() {
        return new ReferenceDense();
    }

    /** A binary16 near zero may be off by all of itself; {@link DenseKernelTest} looks at its rounding. */
    @Override
    protected double packingError(PackedLayout layout) {
        return switch (DenseFormat.of(layout)) {
            case F32 -> 0;
            case F16 -> 1;
            case BF16 -> 0x1p-8;
        };
    }
}
