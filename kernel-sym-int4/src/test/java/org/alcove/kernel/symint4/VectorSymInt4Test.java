package org.alcove.kernel.symint4;

import org.alcove.api.kernel.QuantizationKernel;

class VectorSymInt4Test extends ReferenceSymInt4Test {

    @Override
    protected QuantizationKernel kernel() {
        return new VectorSymInt4();
    }
}
