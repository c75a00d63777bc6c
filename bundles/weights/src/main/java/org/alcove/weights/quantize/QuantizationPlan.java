package org.alcove.weights.quantize;

import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.alcove.api.control.Quantizer;
import org.alcove.api.kernel.FloatMatrix;
import org.alcove.api.kernel.PackedLayout;
import org.alcove.weights.ModelFile;
import org.alcove.weights.ModelFormatException;
import org.alcove.weights.checkpoint.Layouts;

/**
 * Decides what becomes of each tensor. The linear layers of the blocks get the scheme. Norms and biases stay float32, because
 * they are small and sensitive. The token embedding and the output head get 8 bits in GGUF, and stay as they are in a Hugging
 * Face folder, whose readers expect that.
 */
final class QuantizationPlan {

    private static final Set<String> SOURCES = Set.of("F32", "F16", "BF16", "Q8_0");
    private static final Set<String> EMBEDDINGS = Set.of("token_embd.weight", "output.weight");

    private final Quantizer.Order order;
    private final PackedLayout wanted;

    QuantizationPlan(Quantizer.Order order) {
        this.order = order;
        this.wanted = Scheme.of(order).layout(order.container(), order.groupSize());
    }

    /**
     * The plan for a model.
     *
     * @param file the source
     * @param tensors its tensors as the target wants them
     * @throws ModelFormatException if a tensor is quantized already
     */
    List<TensorPlan> of(ModelFile file, List<SourceTensor> tensors) throws IOException {
        for (ModelFile.Tensor tensor : file.tensors().values()) {
            requireSource(tensor);
        }
        List<TensorPlan> plans = tensors.stream().map(this::plan).toList();
        if (plans.stream().noneMatch(plan -> plan.layout().equals(wanted) && plan.note().isEmpty())) {
            throw new ModelFormatException(order.source() + ": no matrix of this model can be " + order.scheme() + " with group "
                    + Scheme.group(order.groupSize()) + ": the columns of none divide; choose another group size");
        }
        return plans;
    }

    private void requireSource(ModelFile.Tensor tensor) throws ModelFormatException {
        if (!SOURCES.contains(tensor.type())) {
            throw new ModelFormatException(order.source() + ": tensor " + tensor.name() + " is " + tensor.type()
                    + " already; quantize from a model in F32, F16, BF16 or Q8_0");
        }
    }

    private TensorPlan plan(SourceTensor tensor) {
        FloatMatrix source = tensor.values();
        if (tensor.vector()) {
            return new TensorPlan(tensor.name(), source, true, vectorLayout(tensor), tensor.bytes(), "vector");
        }
        if (!EMBEDDINGS.contains(tensor.name())) {
            Optional<String> obstacle = Scheme.obstacle(wanted, source.shape().columns());
            return obstacle.map(why -> dense(tensor, why))
                    .orElseGet(() -> new TensorPlan(tensor.name(), source, false, wanted, tensor.bytes(), ""));
        }
        if (order.container() == Quantizer.Container.HF) {
            return dense(tensor, "embedding or head: stays as it is in a folder");
        }
        return Scheme.obstacle(Layouts.Q8_0, source.shape().columns()).map(why -> dense(tensor, why))
                .orElseGet(() -> new TensorPlan(tensor.name(), source, false, Layouts.Q8_0, tensor.bytes(),
                        wanted.equals(Layouts.Q8_0) ? "" : "embedding or head: 8 bits"));
    }

    /** GGUF's readers expect float32 vectors; a folder's expect the type of the folder. */
    private PackedLayout vectorLayout(SourceTensor tensor) {
        return order.container() == Quantizer.Container.GGUF ? Layouts.F32 : denseLayout(tensor);
    }

    private TensorPlan dense(SourceTensor tensor, String why) {
        return new TensorPlan(tensor.name(), tensor.values(), false, denseLayout(tensor), tensor.bytes(), why);
    }

    /** The tensor's own type; 8-bit blocks, which a folder cannot hold, become F16. */
    private PackedLayout denseLayout(SourceTensor tensor) {
        return switch (tensor.type()) {
            case "F32" -> Layouts.F32;
            case "BF16" -> Layouts.BF16;
            case "Q8_0" -> order.container() == Quantizer.Container.GGUF ? Layouts.Q8_0 : Layouts.F16;
            default -> Layouts.F16;
        };
    }
}
