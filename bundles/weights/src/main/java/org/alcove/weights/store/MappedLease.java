package org.alcove.weights.store;

import java.lang.foreign.MemorySegment;
import org.alcove.api.kernel.MatrixShape;
import org.alcove.api.kernel.PackedLayout;
import org.alcove.api.kernel.PackedMatrix;
import org.alcove.api.kernel.RowRange;
import org.alcove.weights.KernelLease;
import org.alcove.weights.WeightMatrix;
import org.alcove.weights.kernels.InstalledKernel;
import org.alcove.weights.kernels.KernelHold;

/** A lease on the kernels of one model: checks every argument, so that kernels need not. */
final class MappedLease implements KernelLease {

    private static final int ALIGNMENT = 64;

    private final MappedWeights owner;
    private final KernelHold hold;
    /** Whether copies are used: the same for a whole layer, for what is prepared for one layout may not fit another. */
    private boolean copied;
    private boolean closed;

    MappedLease(MappedWeights owner, KernelHold hold) {
        this.owner = owner;
        this.hold = hold;
        this.copied = owner.usesCopies(hold);
    }

    @Override
    public long preparedBytes(WeightMatrix matrix, int tokens) {
        MappedMatrix mapped = mapped(matrix);
        checkTokens(tokens);
        return kernel(mapped).preparedBytes(tokens, mapped.shape().columns(), packed(mapped).layout());
    }

    @Override
    public long scratchBytes(WeightMatrix matrix, int tokens) {
        MappedMatrix mapped = mapped(matrix);
        checkTokens(tokens);
        return kernel(mapped).scratchBytes(tokens, mapped.shape());
    }

    @Override
    public boolean sharesPrepared(WeightMatrix first, WeightMatrix second) {
        MappedMatrix one = mapped(first);
        MappedMatrix other = mapped(second);
        return one.layoutIndex() == other.layoutIndex() && packed(one).layout().equals(packed(other).layout())
                && one.shape().columns() == other.shape().columns();
    }

    @Override
    public void prepare(WeightMatrix matrix, MemorySegment activations, int tokens, MemorySegment prepared) {
        MappedMatrix mapped = mapped(matrix);
        checkPreparing(mapped, activations, tokens, prepared);
        kernel(mapped).prepare(activations, tokens, mapped.shape().columns(), packed(mapped).layout(), prepared);
    }

    @Override
    public boolean preparesApart(WeightMatrix matrix) {
        return kernel(mapped(matrix)).preparesApart();
    }

    @Override
    public void prepareTokens(WeightMatrix matrix, MemorySegment activations, int first, int end, MemorySegment prepared) {
        MappedMatrix mapped = mapped(matrix);
        if (first < 0 || first >= end) {
            throw new IllegalArgumentException("tokens from " + first + " to " + end + ", at least 1 is needed");
        }
        checkPreparing(mapped, activations, end, prepared);
        kernel(mapped).prepareTokens(activations, first, end, mapped.shape().columns(), packed(mapped).layout(), prepared);
    }

    private void checkPreparing(MappedMatrix matrix, MemorySegment activations, int tokens, MemorySegment prepared) {
        checkSize(matrix, "activations", activations, floats(tokens, matrix.shape().columns()));
        checkSize(matrix, "prepared activations", prepared, preparedBytes(matrix, tokens));
        checkAligned("prepared activations", prepared);
    }

    @Override
    public void multiply(WeightMatrix matrix, MemorySegment prepared, int tokens, RowRange rows, MemorySegment y,
            MemorySegment scratch) {
        MappedMatrix mapped = mapped(matrix);
        MatrixShape shape = mapped.shape();
        checkRows(mapped, rows);
        checkSize(mapped, "prepared activations", prepared, preparedBytes(matrix, tokens));
        checkAligned("prepared activations", prepared);
        checkSize(mapped, "y", y, floats(tokens, shape.rows()));
        long scratchBytes = scratchBytes(matrix, tokens);
        checkSize(mapped, "scratch", scratch, scratchBytes);
        if (scratchBytes > 0) {
            checkAligned("scratch", scratch);
        }
        if (rows.size() > 0) {
            kernel(mapped).multiply(prepared, tokens, packed(mapped), rows, y, scratch);
        }
    }

    @Override
    public void unpack(WeightMatrix matrix, RowRange rows, MemorySegment target) {
        MappedMatrix mapped = mapped(matrix);
        checkRows(mapped, rows);
        checkSize(mapped, "target", target, floats(rows.size(), mapped.shape().columns()));
        if (rows.size() > 0) {
            kernel(mapped).unpack(mapped.packed(), rows, target);
        }
    }

    @Override
    public void renew() {
        hold.renew();
        copied = owner.usesCopies(hold);
    }

    @Override
    public void close() {
        if (!closed) {
            hold.close();
            closed = true;
            owner.leaseClosed();
        }
    }

    /** The matrix as this kernel is quickest with, of what there is. */
    private PackedMatrix packed(MappedMatrix matrix) {
        PackedLayout wanted = copied ? hold.interleaved(matrix.layoutIndex()) : null;
        PackedMatrix copy = wanted == null ? null : matrix.copy().packed();
        return copy != null && copy.layout().equals(wanted) ? copy : matrix.packed();
    }

    private InstalledKernel kernel(MappedMatrix matrix) {
        return hold.kernel(matrix.layoutIndex());
    }

    private MappedMatrix mapped(WeightMatrix matrix) {
        if (matrix instanceof MappedMatrix mapped && mapped.owner() == owner) {
            return mapped;
        }
        throw new IllegalArgumentException(matrix.name() + " belongs to other weights than the lease");
    }

    private static long floats(int rows, int columns) {
        return 4L * rows * columns;
    }

    private static void checkTokens(int tokens) {
        if (tokens < 1) {
            throw new IllegalArgumentException(tokens + " tokens, at least 1 is needed");
        }
    }

    private static void checkRows(MappedMatrix matrix, RowRange rows) {
        if (rows.end() > matrix.shape().rows()) {
            throw new IllegalArgumentException(matrix.name() + " has " + matrix.shape().rows() + " rows, not " + rows.end());
        }
    }

    private static void checkSize(MappedMatrix matrix, String what, MemorySegment segment, long bytes) {
        if (segment.byteSize() < bytes) {
            throw new IllegalArgumentException(what + " for " + matrix + " need " + bytes + " bytes, not " + segment.byteSize());
        }
    }

    private static void checkAligned(String what, MemorySegment segment) {
        if (segment.maxByteAlignment() < ALIGNMENT) {
            throw new IllegalArgumentException(what + " must be aligned to " + ALIGNMENT + " bytes, not to "
                    + segment.maxByteAlignment());
        }
    }
}
