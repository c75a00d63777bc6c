package org.alcove.kernel.base;

import org.alcove.api.kernel.QuantizationKernel;

class VectorDenseTest extends DenseContract {

    @Override
    protected QuantizationKernel kernel() {
        return new VectorDense();
    }
}
