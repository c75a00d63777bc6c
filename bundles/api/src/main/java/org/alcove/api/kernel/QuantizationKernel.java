package org.alcove.api.kernel;

import java.lang.foreign.MemorySegment;
import java.util.List;
import org.osgi.annotation.versioning.ConsumerType;

/**
 * Packs weight matrices into its layouts and multiplies by them.
 *
 * <p>A kernel is stateless and thread-safe: all memory belongs to the caller, and it starts no threads. Every kernel of a
 * format gives the same bits for the same input, whatever its tier, the batch size or the split into row ranges; the
 * arithmetic is specified in {@code docs/numerics.md} and checked by the contract suite of the testkit.
 *
 * <p>All float32 buffers are in native byte order and of any alignment. Arguments are checked by the caller
 * ({@code org.alcove.weights}); a kernel may read and write only inside the segments it is given.
 */
@ConsumerType
public interface QuantizationKernel {

    /** Accepted layouts, best first. The canonical ones, as they lie in files, are always among them. */
    List<PackedLayout> layouts();

    /**
     * Quantizes {@code source} into {@code target}.
     *
     * @throws IllegalArgumentException if a weight is infinite or not a number; names its row and column
     */
    void pack(FloatMatrix source, PackedMatrix target);

    /**
     * Writes the float32 values of some rows, row by row.
     *
     * @param target at least {@code 4 * rows.size() * columns} bytes
     */
    void unpack(PackedMatrix source, RowRange rows, MemorySegment target);

    /** Copies a matrix from one layout of this kernel to another of the same group size, exactly. */
    void repack(PackedMatrix from, PackedMatrix to);

    /** Bytes that {@link #prepare} writes for that many rows of activations. */
    long preparedBytes(int tokens, int columns, PackedLayout layout);

    /** Bytes of scratch memory that one call of {@link #multiply} needs; 0 where it needs none. */
    long scratchBytes(int tokens, MatrixShape shape);

    /**
     * Brings activations into the form {@link #multiply} reads, for formats of integers: int8 and a scale per group.
     *
     * @param activations {@code tokens * columns} float32, token by token
     * @param prepared at least {@link #preparedBytes} bytes, aligned to 64
     */
    void prepare(MemorySegment activations, int tokens, int columns, PackedLayout layout, MemorySegment prepared);

    /**
     * Whether {@link #prepareTokens} may be called, so that several threads can prepare a batch that one would otherwise prepare
     * while the others wait. Always the same for a kernel.
     */
    default boolean preparesApart() {
        return false;
    }

    /**
     * Of what {@link #prepare} writes for a batch, writes the part of some tokens, and nothing else. All buffers are those of the
     * whole batch.
     *
     * @param first of the tokens
     * @param end one past the last of them
     * @throws UnsupportedOperationException unless the kernel {@link #preparesApart}
     */
    default void prepareTokens(MemorySegment activations, int first, int end, int columns, PackedLayout layout,
            MemorySegment prepared) {
        throw new UnsupportedOperationException(getClass().getName() + " prepares all tokens of a batch together");
    }

    /**
     * {@code y[t][r] = sum over c of x[t][c] * w[r][c]} for the given rows; callers split rows over threads.
     *
     * @param prepared what {@link #prepare} of this kernel wrote for the layout of {@code weights}
     * @param y {@code tokens * weights.shape().rows()} float32, token by token; only the given rows are written
     * @param scratch at least {@link #scratchBytes} bytes, aligned to 64, used by this call alone
     */
    void multiply(MemorySegment prepared, int tokens, PackedMatrix weights, RowRange rows, MemorySegment y,
            MemorySegment scratch);
}
