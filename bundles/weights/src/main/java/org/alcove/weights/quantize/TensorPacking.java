package org.alcove.weights.quantize;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.Consumer;
import org.alcove.api.control.Quantizer.Progress;
import org.alcove.api.control.Quantizer.Tensor;
import org.alcove.api.kernel.PackedLayout;
import org.alcove.weights.kernels.KernelRegistry;

/** Packs tensor by tensor into a target, with the best kernel that is installed for each layout, on all processors. */
final class TensorPacking {

    private final KernelRegistry kernels;

    TensorPacking(KernelRegistry kernels) {
        this.kernels = kernels;
    }

    /**
     * Packs all of them in order.
     *
     * @param progress is told after each
     */
    List<Tensor> pack(List<TensorPlan> plans, Target target, Consumer<Progress> progress) throws IOException {
        List<Tensor> done = new ArrayList<>();
        long bytesTotal = plans.stream().mapToLong(TensorPlan::bytesBefore).sum();
        long bytesDone = 0;
        try (ExecutorService threads = Executors.newFixedThreadPool(Runtime.getRuntime().availableProcessors(),
                Thread.ofPlatform().daemon().name("quantizer-", 1).factory())) {
            for (int i = 0; i < plans.size(); i++) {
                TensorPlan plan = plans.get(i);
                done.add(pack(plan, target.sink(i, plan.layout()), threads));
                bytesDone += plan.bytesBefore();
                progress.accept(new Progress(plan.name(), i + 1, plans.size(), bytesDone, bytesTotal));
            }
        }
        return done;
    }

    private Tensor pack(TensorPlan plan, MatrixPacker.PlaneSink sink, ExecutorService threads) throws IOException {
        PackedLayout layout = plan.layout();
        try {
            MatrixPacker packer = new MatrixPacker(kernels.select(List.of(layout)), layout, threads);
            MatrixPacker.PackingError error = packer.pack(plan.source(), sink);
            return new Tensor(plan.name(), layout.format(), plan.bytesBefore(), plan.bytesAfter(), error.rootMeanSquare(),
                    error.largest(), plan.note());
        } catch (IllegalArgumentException e) {
            throw new IOException("tensor " + plan.name() + ": " + e.getMessage(), e);
        }
    }
}
