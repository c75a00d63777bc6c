package org.alcove.engine.memory;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.alcove.api.kernel.FloatMatrix;
import org.alcove.api.kernel.MatrixShape;
import org.alcove.api.kernel.PackedLayout;
import org.alcove.api.kernel.PackedMatrix;
import org.alcove.api.kernel.QuantizationKernel;
import org.alcove.api.kernel.RowRange;
import org.alcove.engine.memory.MemoryModel.Values;
import org.alcove.weights.KernelLease;
import org.alcove.weights.KernelUnavailableException;
import org.alcove.weights.ModelFile;
import org.alcove.weights.ModelFormatException;
import org.alcove.weights.WeightMatrix;
import org.alcove.weights.Weights;

/** Weights in memory, packed by given kernels, which can be taken away and put back. */
public final class MemoryWeights implements Weights {

    private final ModelFile file;
    private final Arena arena = Arena.ofShared();
    private final Map<String, Values> vectors = new HashMap<>();
    private final Map<String, Matrix> matrices = new LinkedHashMap<>();
    private final Map<String, QuantizationKernel> kernels = new HashMap<>();
    private int leasesLeft = Integer.MAX_VALUE;
    private boolean closed;
    private int open;

    /** Packs each matrix in the first of these formats that takes its columns: {@code q4_0} blocks where there is room. */
    public MemoryWeights(MemoryModel model, QuantizationKernel... packers) {
        this(model, model.values(), packers);
    }

    private MemoryWeights(ModelFile file, Map<String, Values> values, QuantizationKernel... packers) {
        this.file = file;
        for (QuantizationKernel kernel : packers) {
            kernels.put(kernel.layouts().getFirst().format(), kernel);
            kernels.put(kernel.layouts().getLast().format(), kernel);
            kernel.layouts().forEach(layout -> kernels.put(layout.format(), kernel));
        }
        values.forEach((name, tensor) -> {
            if (tensor.vector()) {
                vectors.put(name, tensor);
            } else {
                matrices.put(name, pack(name, tensor, packers));
            }
        });
    }

    /** The same model with its matrices packed again. */
    public static MemoryWeights packed(Weights source, QuantizationKernel... packers) {
        Map<String, Values> values = new LinkedHashMap<>();
        try (source) {
            for (ModelFile.Tensor tensor : source.file().tensors().values()) {
                float[] floats = new float[(int) tensor.shape().size()];
                source.floats(tensor.name()).read(RowRange.all(tensor.shape()), MemorySegment.ofArray(floats));
                values.put(tensor.name(), new Values(tensor.shape(), tensor.shape().rows() == 1, floats));
            }
            return new MemoryWeights(source.file(), values, packers);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private Matrix pack(String name, Values tensor, QuantizationKernel... packers) {
        for (QuantizationKernel kernel : packers) {
            for (PackedLayout layout : kernel.layouts()) {
                boolean blocks = layout.groupSize() == 32 && layout.planes().size() == 1 && tensor.shape().columns() % 32 == 0;
                if (blocks || layout.name().equals("f32")) {
                    PackedMatrix packed = new PackedMatrix(layout, tensor.shape(), layout.planes().stream()
                            .map(plane -> arena.allocate(plane.bytes(tensor.shape()), 64)).toList());
                    kernel.pack(tensor, packed);
                    return new Matrix(name, packed, 0);
                }
            }
        }
        throw new IllegalStateException("no kernel packs " + name);
    }

    /** Takes a kernel away once that many more leases were opened. */
    public synchronized void removeKernelsAfter(int leases) {
        leasesLeft = leases;
    }

    /** Puts kernels in place. */
    public synchronized void putBack(QuantizationKernel... replacements) {
        for (QuantizationKernel kernel : replacements) {
            kernel.layouts().forEach(layout -> kernels.put(layout.format(), kernel));
        }
        leasesLeft = Integer.MAX_VALUE;
        notifyAll();
    }

    public synchronized boolean isClosed() {
        return closed;
    }

    @Override
    public ModelFile file() {
        return file;
    }

    @Override
    public boolean has(String tensor) {
        return vectors.containsKey(tensor) || matrices.containsKey(tensor);
    }

    @Override
    public WeightMatrix matrix(String tensor) throws ModelFormatException {
        if (!matrices.containsKey(tensor)) {
            throw new ModelFormatException("there is no tensor " + tensor);
        }
        return matrices.get(tensor);
    }

    @Override
    public float[] vector(String tensor, int length) throws ModelFormatException {
        if (!vectors.containsKey(tensor) || vectors.get(tensor).floats().length != length) {
            throw new ModelFormatException("there is no vector " + tensor + " of " + length);
        }
        return vectors.get(tensor).floats().clone();
    }

    @Override
    public FloatMatrix floats(String tensor) {
        Matrix matrix = matrices.get(tensor);
        return new FloatMatrix() {
            @Override
            public MatrixShape shape() {
                return matrix.shape();
            }

            @Override
            public void read(RowRange rows, MemorySegment target) {
                kernels.get(matrix.format()).unpack(matrix.packed, rows, target);
            }
        };
    }

    @Override
    public synchronized KernelLease lease() {
        KernelLease lease = new Lease(take());
        open++;
        return lease;
    }

    private synchronized Map<String, QuantizationKernel> take() {
        if (leasesLeft <= 0) {
            throw new KernelUnavailableException("f32", "no kernel multiplies f32");
        }
        leasesLeft--;
        return Map.copyOf(kernels);
    }

    @Override
    public synchronized boolean awaitKernels(long timeout, TimeUnit unit) throws InterruptedException {
        if (leasesLeft <= 0) {
            unit.timedWait(this, timeout);
        }
        return leasesLeft > 0;
    }

    @Override
    public String kernels() {
        return formats();
    }

    @Override
    public String formats() {
        return matrices.values().stream().map(Matrix::format).collect(Collectors.toCollection(TreeSet::new)).toString();
    }

    @Override
    public String fingerprint() {
        return "memory";
    }

    @Override
    public long bytes() {
        return 0;
    }

    @Override
    public synchronized void close() {
        if (open > 0) {
            throw new IllegalStateException(open + " leases are open");
        }
        if (!closed) {
            closed = true;
            arena.close();
        }
    }

    private record Matrix(String name, PackedMatrix packed, int firstRow) implements WeightMatrix {

        @Override
        public MatrixShape shape() {
            return packed.shape();
        }

        @Override
        public String format() {
            return packed.layout().format();
        }

        @Override
        public WeightMatrix rows(RowRange rows) {
            MatrixShape part = new MatrixShape(rows.size(), shape().columns());
            List<MemorySegment> planes = packed.layout().planes().stream().map(plane -> packed.plane(0)
                    .asSlice(rows.first() * plane.stride(part.columns()), plane.bytes(part))).toList();
            return new Matrix(name, new PackedMatrix(packed.layout(), part, planes), rows.first());
        }
    }

    private final class Lease implements KernelLease {

        private Map<String, QuantizationKernel> held;

        Lease(Map<String, QuantizationKernel> held) {
            this.held = held;
        }

        private QuantizationKernel kernel(WeightMatrix matrix) {
            return held.get(matrix.format());
        }

        @Override
        public long preparedBytes(WeightMatrix matrix, int tokens) {
            return kernel(matrix).preparedBytes(tokens, matrix.shape().columns(), ((Matrix) matrix).packed.layout());
        }

        @Override
        public long scratchBytes(WeightMatrix matrix, int tokens) {
            return kernel(matrix).scratchBytes(tokens, matrix.shape());
        }

        @Override
        public boolean sharesPrepared(WeightMatrix first, WeightMatrix second) {
            return first.format().equals(second.format()) && first.shape().columns() == second.shape().columns();
        }

        @Override
        public void prepare(WeightMatrix matrix, MemorySegment activations, int tokens, MemorySegment prepared) {
            kernel(matrix).prepare(activations, tokens, matrix.shape().columns(), ((Matrix) matrix).packed.layout(), prepared);
        }

        @Override
        public boolean preparesApart(WeightMatrix matrix) {
            return kernel(matrix).preparesApart();
        }

        @Override
        public void prepareTokens(WeightMatrix matrix, MemorySegment activations, int first, int end, MemorySegment prepared) {
            kernel(matrix).prepareTokens(activations, first, end, matrix.shape().columns(), ((Matrix) matrix).packed.layout(),
                    prepared);
        }

        @Override
        public void multiply(WeightMatrix matrix, MemorySegment prepared, int tokens, RowRange rows, MemorySegment y,
                MemorySegment scratch) {
            kernel(matrix).multiply(prepared, tokens, ((Matrix) matrix).packed, rows, y, scratch);
        }

        @Override
        public void unpack(WeightMatrix matrix, RowRange rows, MemorySegment target) {
            kernel(matrix).unpack(((Matrix) matrix).packed, rows, target);
        }

        @Override
        public void renew() {
            held = take();
        }

        @Override
        public void close() {
            synchronized (MemoryWeights.this) {
                open--;
            }
        }
    }
}
