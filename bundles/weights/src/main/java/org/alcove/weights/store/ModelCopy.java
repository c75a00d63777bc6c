package org.alcove.weights.store;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import org.alcove.weights.checkpoint.Checkpoint;
import org.alcove.weights.kernels.KernelHold;
import org.alcove.weights.kernels.KernelSelection;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The interleaved copy of one model: whether it is used, and that nothing is unmapped while it is made. Thread-safe. */
final class ModelCopy {

    private static final Logger LOG = LoggerFactory.getLogger(ModelCopy.class);
    private static final String HEAD = "output.weight";
    private static final String EMBEDDINGS = "token_embd.weight";

    private final Checkpoint checkpoint;
    private final KernelSelection kernels;
    private final Collection<MappedMatrix> matrices;
    private final List<Optional<FileIdentity>> identities;
    private Optional<Arena> arena = Optional.empty();
    private Optional<MappedFiles> file = Optional.empty();
    private volatile boolean used;
    /** Whether the copy in use was changed by others, and is not used any more. */
    private volatile boolean lost;
    private volatile boolean wanted;
    /** The kernels for which a copy was tried last. */
    private volatile Object tried;
    private boolean making;
    private boolean closed;

    /** To be made before the files are mapped. */
    ModelCopy(Checkpoint checkpoint, KernelSelection kernels, Collection<MappedMatrix> matrices) {
        this.checkpoint = checkpoint;
        this.kernels = kernels;
        this.matrices = matrices;
        this.identities = identities();
    }

    /** Name of the model. */
    String name() {
        return checkpoint.name();
    }

    /** Where the model lies. */
    String path() {
        return checkpoint.path().toString();
    }

    KernelSelection kernels() {
        return kernels;
    }

    /** States of the model's files when they were mapped; none where they cannot be told, or are others by now. */
    List<FileIdentity> unchangedFiles() {
        return identities.equals(identities()) && identities.stream().allMatch(Optional::isPresent)
                ? identities.stream().map(Optional::orElseThrow).toList() : List.of();
    }

    private List<Optional<FileIdentity>> identities() {
        return checkpoint.files().stream().map(file -> FileIdentity.of(file.path())).toList();
    }

    /** Whether everybody may read all of the model's files, where they are; not where the system does not say. */
    boolean isPublic() {
        return checkpoint.files().stream().allMatch(one -> isPublic(one.path()));
    }

    private static boolean isPublic(Path file) {
        try {
            Path real = file.toRealPath();
            boolean reached = true;
            for (Path above = real.getParent(); above != null; above = above.getParent()) {
                reached &= Files.getPosixFilePermissions(above).contains(PosixFilePermission.OTHERS_EXECUTE);
            }
            return reached && Files.getPosixFilePermissions(real).contains(PosixFilePermission.OTHERS_READ);
        } catch (IOException | UnsupportedOperationException e) {
            return false;
        }
    }

    /** The tensor table, as text. */
    String tensors() {
        return String.join("\n", checkpoint.tensors().values().stream().map(Object::toString).toList());
    }

    /** The matrices to copy. Embeddings are only looked up where there is a head of its own. */
    CopyPlan plan() {
        boolean head = checkpoint.tensors().containsKey(HEAD);
        try (KernelHold hold = kernels.hold()) {
            tried = hold.version();
            return CopyPlan.of(matrices.stream().filter(matrix -> matrix.layoutIndex() >= 0)
                    .filter(matrix -> !(head && matrix.name().equals(EMBEDDINGS))).toList(), hold);
        }
    }

    /** Says that a copy is wanted, with these kernels or others that may come. */
    void want() {
        wanted = true;
    }

    /** Whether a copy is wanted and was not tried for these kernels. */
    boolean isDue(KernelHold hold) {
        return wanted && !used && tried != hold.version();
    }

    /** Whether leases use copies. */
    boolean isUsed() {
        return used && !lost;
    }

    /**
     * Has leases go back to the model's own files for good where the copy's file was cut short, or made longer, since it was
     * mapped; takes nothing from the heap where it was not.
     */
    void requireIntact() {
        Optional<String> change = isUsed() ? file.flatMap(MappedFiles::change) : Optional.empty();
        if (change.isPresent()) {
            lost = true;
            LOG.warn("Model {} is multiplied where its file lies, until it is loaded again: its interleaved copy was changed by "
                    + "others, {}", name(), change.get());
        }
    }

    /** Keeps the model mapped until {@link #end}; false where it is closed, or there is a copy. */
    synchronized boolean begin() {
        making = !closed && !used;
        return making;
    }

    synchronized void end() {
        making = false;
        notifyAll();
    }

    /**
     * Uses copies from the next lease on. Between {@link #begin} and {@link #end}.
     *
     * @param mapped the file that the memory is of, if it is of one
     * @param owner closed with the model
     */
    synchronized void use(CopyPlan plan, MemorySegment memory, Optional<MappedFiles> mapped, Arena owner) {
        plan.parts().forEach(part -> part.matrix().copy().put(part.in(memory)));
        file = mapped;
        arena = Optional.of(owner);
        used = true;
    }

    /** Waits until no copy is being made, and unmaps it. */
    synchronized void close() {
        closed = true;
        boolean interrupted = false;
        while (making) {
            try {
                wait();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        arena.ifPresent(Arena::close);
        arena = Optional.empty();
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
