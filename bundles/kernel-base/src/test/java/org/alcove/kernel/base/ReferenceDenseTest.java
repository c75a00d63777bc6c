package org.alcove.kernel.base;

import org.alcove.api.kernel.QuantizationKernel;

class ReferenceDenseTest extends DenseContract {

    @Override
    protected QuantizationKernel kernel() {
        return new ReferenceDense();
    }
}
