package com.example.kernel;

import org.alcove.api.kernel.PackedLayout;
import org.alcove.api.kernel.QuantizationKernel;
import org.alcove.kernel.symint4.ReferenceSymInt4;
import org.alcove.testkit.kernel.KernelContract;

class PlainSymInt4Test extends KernelContract {

    @Override
    protected QuantizationKernel kernel() {
        return new PlainSymInt4();
    }

    @Override
    protected QuantizationKernel reference() {
        return new ReferenceSymInt4();
    }

    @Override
    protected double packingError(PackedLayout layout) {
        return 0.126;
    }
}
