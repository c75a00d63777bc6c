package org.alcove.kernel.asymint4;

import org.alcove.api.kernel.QuantizationKernel;

class VectorAsymInt4Test extends ReferenceAsymInt4Test {

    @Override
    protected QuantizationKernel kernel() {
        return new VectorAsymInt4();
    }
}
