package org.alcove.weights.quantize;

import java.io.Closeable;
import java.io.IOException;
import org.alcove.api.kernel.PackedLayout;

/** Where packed tensors go. Nothing is visible under the target's name before {@link #complete}. */
interface Target extends Closeable {

    /** Takes the bytes of a tensor. */
    MatrixPacker.PlaneSink sink(int tensor, PackedLayout layout);

    /** Makes the target whole, durable and visible. */
    void complete() throws IOException;
}
