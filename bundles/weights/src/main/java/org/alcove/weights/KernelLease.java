package org.alcove.weights;

import java.lang.foreign.MemorySegment;
import org.alcove.api.kernel.RowRange;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Kernels held in place for one layer, and for the next ones where it is {@link #renew renewed}. All buffers are the caller's;
 * float32 in native byte order; buffers for prepared activations and scratch are aligned to 64. Arguments are checked.
 */
@ProviderType
public interface KernelLease extends AutoCloseable {

    /** Bytes that {@link #prepare} writes for that many tokens. */
    long preparedBytes(WeightMatrix matrix, int tokens);

    /** Bytes of scratch that one {@link #multiply} needs; may be 0. */
    long scratchBytes(WeightMatrix matrix, int tokens);

    /** Whether activations prepared for one of these serve the other, too. */
    boolean sharesPrepared(WeightMatrix first, WeightMatrix second);

    /** Brings {@code tokens * columns} activations into the form {@link #multiply} reads. */
    void prepare(WeightMatrix matrix, MemorySegment activations, int tokens, MemorySegment prepared);

    /** Whether several threads may share the preparing of a batch, by {@link #prepareTokens}. */
    boolean preparesApart(WeightMatrix matrix);

    /** {@link #prepare} for the tokens from {@code first} up to, but without, {@code end}; the buffers are those of all. */
    void prepareTokens(WeightMatrix matrix, MemorySegment activations, int first, int end, MemorySegment prepared);

    /**
     * {@code y[t * rows + r] = x[t] . w[r]} for the given rows.
     *
     * @throws KernelFaultException if the kernel threw; names its bundle
     */
    void multiply(WeightMatrix matrix, MemorySegment prepared, int tokens, RowRange rows, MemorySegment y, MemorySegment scratch);

    /** The float32 values of some rows, for example the embedding of a token. */
    void unpack(WeightMatrix matrix, RowRange rows, MemorySegment target);

    /**
     * Ends this layer's lease and begins the next one's: kernels that wait to come or go do so in between. What was prepared, and
     * sizes that were asked for, are not good any more.
     *
     * @throws KernelUnavailableException if a format has no kernel any more; the lease is then only good for closing
     */
    void renew();

    @Override
    void close();
}
