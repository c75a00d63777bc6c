package org.alcove.weights.quantize;

import org.alcove.api.kernel.FloatMatrix;
import org.alcove.api.kernel.MatrixShape;
import org.alcove.api.kernel.PackedLayout;

/**
 * What becomes of a tensor.
 *
 * @param name GGUF name
 * @param source its values
 * @param vector whether it has one dimension
 * @param layout what it is packed as
 * @param bytesBefore its size in the source
 * @param note why it does not get the scheme that was asked for, or empty
 */
record TensorPlan(String name, FloatMatrix source, boolean vector, PackedLayout layout, long bytesBefore, String note) {

    MatrixShape shape() {
        return source.shape();
    }

    long bytesAfter() {
        return layout.bytes(shape());
    }
}
