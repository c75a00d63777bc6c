package org.alcove.weights;

import java.util.concurrent.TimeUnit;
import org.alcove.api.kernel.FloatMatrix;
import org.osgi.annotation.versioning.ProviderType;

/**
 * The weights of one model, mapped. Reading and leasing is thread-safe; {@link #close} may be called once nothing is leased, and
 * unmaps the files.
 */
@ProviderType
public interface Weights extends AutoCloseable {

    /** What the model says about itself. */
    ModelFile file();

    /** Whether there is a tensor of this name. */
    boolean has(String tensor);

    /**
     * A matrix to multiply by.
     *
     * @throws ModelFormatException if there is none of this name; says so
     */
    WeightMatrix matrix(String tensor) throws ModelFormatException;

    /**
     * The values of a vector (norm, bias, RoPE factors), or of a matrix row by row, as float32. A fresh array.
     *
     * @throws ModelFormatException if there is none of this name, or it has other than {@code length} values
     */
    float[] vector(String tensor, int length) throws ModelFormatException;

    /**
     * A tensor of any format as float32, read some rows at a time; a vector has one row. Rows of a packed matrix are unpacked
     * by a kernel, so reading may throw as {@link #lease} does. Thread-safe until these weights are closed.
     *
     * @throws ModelFormatException if there is none of this name; says so
     */
    FloatMatrix floats(String tensor) throws ModelFormatException;

    /**
     * Looks whether a file was cut short, or made longer, since it was mapped. Quick, and takes nothing from the heap: asked
     * before each step, as reading beyond the end of such a file ends the process where a native kernel reads. A quicker copy to
     * which that happened is given up, and is no reason to throw.
     *
     * @throws IllegalStateException if one was; names it, with both sizes
     */
    default void requireIntact() {
    }

    /**
     * Holds the best kernel of each format of this model in place: as long as the lease is open, none of them goes away. Open one
     * for a layer of a step, not for longer: a kernel that is being replaced waits for it. The thread that opened it closes it;
     * other threads may compute with it meanwhile. Not to be nested: a thread that holds a lease and waits for another thread
     * that wants one waits for ever once a kernel change is pending.
     *
     * @throws KernelUnavailableException if a format has no kernel
     */
    KernelLease lease();

    /**
     * Waits until every format has a kernel.
     *
     * @return whether it has
     * @throws InterruptedException if interrupted while waiting
     */
    boolean awaitKernels(long timeout, TimeUnit unit) throws InterruptedException;

    /** Formats of the model's matrices and the kernels that serve them, for people: {@code sym_int4 (vector), f32 (vector)}. */
    String kernels();

    /** Names of the formats of the model's matrices, sorted, for example {@code f32, sym_int4}. */
    String formats();

    /** Hash of the tensor table and of samples of each tensor's bytes: equal for equal weights, quick for large ones. */
    String fingerprint();

    /**
     * Says that these weights will be multiplied by for long. They may then be multiplied from a quicker copy, which is made in
     * the background and used from some later lease on. Never waits; the products stay the same.
     */
    default void hasten() {
    }

    /** Bytes mapped. */
    long bytes();

    @Override
    void close();
}
