package org.alcove.weights.quantize;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.alcove.api.control.Quantizer;
import org.alcove.api.kernel.PackedLayout;
import org.alcove.weights.WeightStore;
import org.alcove.weights.Weights;
import org.alcove.weights.kernels.KernelHold;
import org.alcove.weights.kernels.KernelRegistry;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/**
 * Packs a model tensor by tensor, with the best kernel that is installed for each layout. The kernel is held for one tensor at a
 * time: it can be replaced between two, and if none is left the work fails there and leaves nothing behind.
 */
@Component
public final class ModelQuantizer implements Quantizer {

    private final WeightStore store;
    private final KernelRegistry kernels;

    @Activate
    public ModelQuantizer(@Reference WeightStore store, @Reference KernelRegistry kernels) {
        this.store = store;
        this.kernels = kernels;
    }

    @Override
    public Report quantize(Order order, Consumer<Progress> progress) throws IOException {
        Scheme scheme = Scheme.of(order);
        QuantizationPlan planning = new QuantizationPlan(order);
        if (Files.exists(order.target())) {
            throw new IOException(order.target() + " exists already; delete it or choose another target");
        }
        long start = System.nanoTime();
        try (Weights weights = store.open(order.source())) {
            List<TensorPlan> plans = planning.of(weights);
            List<Tensor> done = new ArrayList<>();
            try (Target target = target(order, scheme, weights, plans)) {
                long bytesTotal = plans.stream().mapToLong(TensorPlan::bytesBefore).sum();
                long bytesDone = 0;
                for (int i = 0; i < plans.size(); i++) {
                    TensorPlan plan = plans.get(i);
                    done.add(pack(plan, target.sink(i, plan.layout())));
                    bytesDone += plan.bytesBefore();
                    progress.accept(new Progress(plan.name(), i + 1, plans.size(), bytesDone, bytesTotal));
                }
                target.complete();
            }
            return new Report(done, plans.stream().mapToLong(TensorPlan::bytesBefore).sum(),
                    plans.stream().mapToLong(TensorPlan::bytesAfter).sum(), (System.nanoTime() - start) / 1e9);
        }
    }

    private static Target target(Order order, Scheme scheme, Weights weights, List<TensorPlan> plans) throws IOException {
        return switch (order.container()) {
            case GGUF -> new GgufTarget(order.target(), GgufTarget.keys(order.source(), scheme), plans);
            case HF -> throw new IllegalArgumentException("a folder");
        };
    }

    private Tensor pack(TensorPlan plan, MatrixPacker.PlaneSink sink) throws IOException {
        PackedLayout layout = plan.layout();
        try (KernelHold hold = kernels.select(List.of(layout)).hold()) {
            MatrixPacker.PackingError error = new MatrixPacker(hold.kernel(0), layout).pack(plan.source(), sink);
            return new Tensor(plan.name(), layout.format(), plan.bytesBefore(), plan.bytesAfter(), error.rootMeanSquare(),
                    error.largest(), plan.note());
        } catch (IllegalArgumentException e) {
            throw new IOException("tensor " + plan.name() + ": " + e.getMessage(), e);
        }
    }
}
