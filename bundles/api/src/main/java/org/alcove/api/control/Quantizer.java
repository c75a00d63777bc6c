package org.alcove.api.control;

import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import org.osgi.annotation.versioning.ProviderType;

/** Writes a model in a smaller format. The target appears whole or not at all. */
@ProviderType
public interface Quantizer {

    /**
     * Quantizes a model.
     *
     * @param order what and how
     * @param progress is told after each tensor
     * @throws java.io.IOException if the source is damaged or the target cannot be written; says which tensor
     * @throws IllegalArgumentException if the order makes no sense or no kernel of the scheme is installed
     */
    Report quantize(Order order, Consumer<Progress> progress) throws java.io.IOException;

    /**
     * What to quantize and how.
     *
     * @param source GGUF file or Hugging Face folder
     * @param target file or folder to write; must not exist
     * @param scheme {@code sym_int4}, {@code asym_int4} or {@code sym_int8}
     * @param groupSize weights per scale; {@link org.alcove.api.kernel.PackedLayout#CHANNEL} for one per row
     * @param container how to write it
     */
    record Order(Path source, Path target, String scheme, int groupSize, Container container) {
    }

    /** File formats of models. */
    enum Container {
        /** One GGUF file. Group 32 only. */
        GGUF,
        /** A Hugging Face folder, {@code compressed-tensors} of format {@code pack-quantized}. */
        HF
    }

    /** One more tensor is done. */
    record Progress(String tensor, int done, int total, long bytesDone, long bytesTotal) {
    }

    /**
     * What became of a tensor.
     *
     * @param name the tensor
     * @param format what it was packed as
     * @param bytesBefore size before
     * @param bytesAfter size after
     * @param rmse root of the mean squared error against the source
     * @param maxError largest error against the source
     * @param note why it stayed dense, or empty
     */
    record Tensor(String name, String format, long bytesBefore, long bytesAfter, double rmse, double maxError, String note) {
    }

    /** The whole result. */
    record Report(List<Tensor> tensors, long bytesBefore, long bytesAfter, double seconds) {
    }
}
