package org.alcove.kernel.base;

import org.alcove.api.kernel.QuantizationKernel;

class ReferenceBlocksTest extends BlocksContract {

    @Override
    protected QuantizationKernel kernel() {
        return new ReferenceBlocks();
    }
}
