package org.alcove.weights.quantize;

import java.io.IOException;
import java.nio.file.Files;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.alcove.api.control.Quantizer;
import org.alcove.weights.VocabularyConverter;
import org.alcove.weights.WeightStore;
import org.alcove.weights.Weights;
import org.alcove.weights.gguf.GgufKey;
import org.alcove.weights.kernels.KernelRegistry;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;

/**
 * Packs a model tensor by tensor, with the best kernel that is installed for each layout. The kernel is held for some rows at a
 * time: it can be replaced in between, as all kernels give the same bits, and if none is left the work fails there and leaves
 * nothing behind.
 */
@Component
public final class ModelQuantizer implements Quantizer {

    private final WeightStore store;
    private final KernelRegistry kernels;
    private final AtomicReference<VocabularyConverter> vocabularies = new AtomicReference<>();

    @Activate
    public ModelQuantizer(@Reference WeightStore store, @Reference KernelRegistry kernels) {
        this.store = store;
        this.kernels = kernels;
    }

    /** Only changes of the container need it. */
    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC)
    void bind(VocabularyConverter converter) {
        vocabularies.set(converter);
    }

    void unbind(VocabularyConverter converter) {
        vocabularies.compareAndSet(converter, null);
    }

    @Override
    public Report quantize(Order order, Consumer<Progress> progress) throws IOException {
        Scheme scheme = Scheme.of(order);
        QuantizationPlan planning = new QuantizationPlan(order);
        if (Files.exists(order.target())) {
            throw new IOException(order.target() + " exists already; delete it or choose another target");
        }
        if (store.sealedBytes(order.source()).isPresent()) {
            throw new IOException(order.source() + " is sealed, and a sealed model cannot be quantized; quantize the plain model,"
                    + " then seal what comes of it");
        }
        long start = System.nanoTime();
        Container from = Files.isDirectory(order.source()) ? Container.HF : Container.GGUF;
        try (Weights weights = store.open(order.source())) {
            List<TensorPlan> plans = planning.of(weights.file(), SourceTensors.of(weights, from, order.container()));
            List<Tensor> done;
            try (Target target = target(order, scheme, weights, plans)) {
                done = new TensorPacking(kernels).pack(plans, target, progress);
                target.complete();
            }
            return new Report(done, plans.stream().mapToLong(TensorPlan::bytesBefore).sum(),
                    plans.stream().mapToLong(TensorPlan::bytesAfter).sum(), (System.nanoTime() - start) / 1e9);
        }
    }

    private Target target(Order order, Scheme scheme, Weights weights, List<TensorPlan> plans) throws IOException {
        if (order.container() == Container.GGUF) {
            return new GgufTarget(order.target(), ggufKeys(order, scheme, weights), plans);
        }
        float[] factors = weights.has(RopeFactors.TENSOR)
                ? HeldVector.of(weights.floats(RopeFactors.TENSOR)).values() : new float[0];
        FolderFiles files = new FolderFiles(order, weights.file(), factors);
        List<FolderTarget.FolderTensor> tensors = files.tensors(plans);
        return new FolderTarget(order.target(), tensors, files.beside(tensors, Optional.ofNullable(vocabularies.get())),
                FolderTarget.FILE_BYTES);
    }

    private Collection<GgufKey> ggufKeys(Order order, Scheme scheme, Weights weights) throws IOException {
        if (!Files.isDirectory(order.source())) {
            return GgufTarget.keys(order.source(), scheme);
        }
        VocabularyConverter converter = vocabularies.get();
        if (converter == null) {
            throw new IOException("the tokenizer bundle is not there, so the vocabulary of " + order.source()
                    + " cannot be written as GGUF keys; start alcove-tokenizer or choose --format hf");
        }
        int rows = weights.floats("token_embd.weight").shape().rows();
        return new GgufDescription(weights.file()).of(scheme, converter.ggufKeys(weights.file(), rows));
    }
}
