package org.alcove.kernel.base;

import org.alcove.api.kernel.QuantizationKernel;

class VectorBlocksTest extends BlocksContract {

    @Override
    protected QuantizationKernel kernel() {
        return new VectorBlocks();
    }
}
