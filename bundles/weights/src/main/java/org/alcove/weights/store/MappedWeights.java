package org.alcove.weights.store;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.alcove.api.kernel.FloatMatrix;
import org.alcove.api.kernel.MatrixShape;
import org.alcove.api.kernel.PackedLayout;
import org.alcove.api.kernel.PackedMatrix;
import org.alcove.api.kernel.RowRange;
import org.alcove.weights.KernelLease;
import org.alcove.weights.ModelFile;
import org.alcove.weights.ModelFormatException;
import org.alcove.weights.WeightMatrix;
import org.alcove.weights.Weights;
import org.alcove.weights.checkpoint.Checkpoint;
import org.alcove.weights.checkpoint.DescribedModel;
import org.alcove.weights.checkpoint.Layouts;
import org.alcove.weights.checkpoint.StoredTensor;
import org.alcove.weights.kernels.KernelHold;
import org.alcove.weights.kernels.KernelRegistry;
import org.alcove.weights.kernels.KernelSelection;
import org.alcove.weights.sealed.SealedContents;

/**
 * A checkpoint, mapped. Its arena is the owner of the mappings: closing it unmaps them, and a late access throws instead of
 * crashing. Of a file that another process cuts short while it is mapped, accesses beyond its end throw {@link InternalError}
 * from Java, and end the process from native code; {@link #requireIntact} sees it if it is asked in time.
 */
final class MappedWeights implements Weights {

    private final Checkpoint checkpoint;
    private final ModelFile file;
    private final Arena arena;
    private final MappedFiles files;
    private final Optional<SealedContents> sealed;
    private final List<PackedLayout> layouts;
    private final KernelSelection kernels;
    private final Map<String, MappedMatrix> matrices = new LinkedHashMap<>();
    private final Object fingerprinting = new Object();
    private String fingerprint;
    private final InterleavedCopies copies;
    private final ModelCopy copy;
    private int leases;
    private boolean closed;

    /**
     * What a checkpoint is mapped from.
     *
     * @param arena owner of the mappings
     * @param sealed what the checkpoint was read from, where it was sealed
     */
    record Source(Arena arena, Optional<SealedContents> sealed) {
    }

    /**
     * Maps a checkpoint.
     *
     * @param source its arena becomes the mappings' owner if this returns
     */
    MappedWeights(Checkpoint checkpoint, KernelRegistry registry, InterleavedCopies copies, Source source)
            throws IOException {
        this.checkpoint = checkpoint;
        this.arena = source.arena();
        this.sealed = source.sealed();
        this.file = new DescribedModel(checkpoint);
        this.layouts = checkpoint.tensors().values().stream().filter(tensor -> !isDenseVector(tensor))
                .map(tensor -> tensor.layout().orElseThrow()).distinct().toList();
        this.kernels = registry.select(layouts);
        this.copies = copies;
        this.copy = new ModelCopy(checkpoint, kernels, matrices.values());
        this.files = new MappedFiles(checkpoint.files(), arena);
        checkpoint.tensors().forEach((name, tensor) -> matrices.put(name, matrix(tensor)));
    }

    @Override
    public ModelFile file() {
        return file;
    }

    @Override
    public boolean has(String tensor) {
        return matrices.containsKey(tensor);
    }

    @Override
    public WeightMatrix matrix(String tensor) throws ModelFormatException {
        if (stored(tensor).vector()) {
            throw new ModelFormatException(file.path() + ": tensor " + tensor + " is a vector of "
                    + stored(tensor).shape().columns() + " values, not a matrix");
        }
        requireVerified();
        return matrices.get(tensor);
    }

    @Override
    public float[] vector(String tensor, int length) throws ModelFormatException {
        StoredTensor stored = stored(tensor);
        if (stored.shape().size() != length) {
            throw new ModelFormatException(file.path() + ": tensor " + tensor + " has " + stored.shape().size()
                    + " values, not " + length);
        }
        requireVerified();
        float[] values = new float[length];
        read(matrices.get(tensor), RowRange.all(stored.shape()), MemorySegment.ofArray(values));
        return values;
    }

    @Override
    public FloatMatrix floats(String tensor) throws ModelFormatException {
        stored(tensor);
        requireVerified();
        return new Floats(matrices.get(tensor));
    }

    @Override
    public void requireIntact() {
        files.requireIntact();
        copy.requireIntact();
    }

    @Override
    public KernelLease lease() {
        synchronized (this) {
            if (closed) {
                throw new IllegalStateException("the weights of " + file.name() + " are closed");
            }
            leases++;
        }
        try {
            return new MappedLease(this, kernels.hold());
        } catch (RuntimeException e) {
            leaseClosed();
            throw e;
        }
    }

    /** Whether a layer that begins now is multiplied from copies; begins to make some where these kernels want them. */
    boolean usesCopies(KernelHold hold) {
        if (copy.isDue(hold)) {
            copies.make(copy);
        }
        return copy.isUsed();
    }

    synchronized void leaseClosed() {
        leases--;
    }

    @Override
    public boolean awaitKernels(long timeout, TimeUnit unit) throws InterruptedException {
        return kernels.await(timeout, unit);
    }

    @Override
    public String kernels() {
        return kernels.describe();
    }

    @Override
    public String formats() {
        return layouts.stream().map(PackedLayout::format).collect(Collectors.toCollection(TreeSet::new)).stream()
                .collect(Collectors.joining(", "));
    }

    @Override
    public String fingerprint() {
        synchronized (fingerprinting) {
            if (fingerprint == null) {
                try {
                    requireVerified();
                } catch (ModelFormatException e) {
                    throw new UncheckedIOException(e);
                }
                Fingerprint hash = new Fingerprint();
                new TreeMap<>(checkpoint.tensors())
                        .forEach((name, tensor) -> hash.add(tensor, matrices.get(name).packed().planes()));
                fingerprint = hash.text();
            }
            return fingerprint;
        }
    }

    @Override
    public long bytes() {
        return checkpoint.files().stream().mapToLong(Checkpoint.WeightFile::bytes).sum();
    }

    @Override
    public void hasten() {
        copy.want();
        copies.make(copy);
    }

    @Override
    public void close() {
        copies.forget(copy);
        unmap();
    }

    private synchronized void unmap() {
        if (closed) {
            return;
        }
        if (leases > 0) {
            throw new IllegalStateException("the weights of " + file.name() + " cannot be closed: " + leases
                    + " leases are open");
        }
        closed = true;
        copy.close();
        sealed.ifPresent(SealedContents::stop);
        arena.close();
    }

    /** Nothing is computed with what may not be what was sealed. */
    private void requireVerified() throws ModelFormatException {
        if (sealed.isPresent()) {
            sealed.get().awaitAll();
        }
    }

    private StoredTensor stored(String tensor) throws ModelFormatException {
        StoredTensor stored = checkpoint.tensors().get(tensor);
        if (stored == null) {
            throw new ModelFormatException(file.path() + ": there is no tensor " + tensor);
        }
        return stored;
    }

    private void read(MappedMatrix matrix, RowRange rows, MemorySegment target) {
        PackedMatrix packed = matrix.packed();
        int columns = packed.shape().columns();
        if (Layouts.isDense(packed.layout())) {
            for (int row = rows.first(); row < rows.end(); row++) {
                DenseValues.widen(packed.layout(), packed.plane(0), (long) row * columns, columns,
                        target.asSlice(4L * (row - rows.first()) * columns));
            }
            return;
        }
        try (KernelHold hold = kernels.hold()) {
            hold.kernel(matrix.layoutIndex()).unpack(packed, rows, target);
        }
    }

    private MappedMatrix matrix(StoredTensor tensor) {
        List<MemorySegment> planes = tensor.sections().stream()
                .map(section -> files.segment(section.file()).asSlice(section.offset(), section.bytes())).toList();
        PackedLayout layout = tensor.layout().orElseThrow();
        return new MappedMatrix(this, tensor.name(), new PackedMatrix(layout, tensor.shape(), planes), layouts.indexOf(layout),
                new MatrixCopy());
    }

    private static boolean isDenseVector(StoredTensor tensor) {
        return tensor.vector() && Layouts.isDense(tensor.layout().orElseThrow());
    }

    private final class Floats implements FloatMatrix {

        private final MappedMatrix matrix;

        Floats(MappedMatrix matrix) {
            this.matrix = matrix;
        }

        @Override
        public MatrixShape shape() {
            return matrix.shape();
        }

        @Override
        public void read(RowRange rows, MemorySegment target) {
            long bytes = 4L * rows.size() * matrix.shape().columns();
            if (rows.end() > matrix.shape().rows() || target.byteSize() < bytes) {
                throw new IllegalArgumentException(matrix + ": rows " + rows.first() + " to " + rows.end() + " need " + bytes
                        + " bytes, not " + target.byteSize());
            }
            MappedWeights.this.read(matrix, rows, target);
        }
    }
}
