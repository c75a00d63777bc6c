package org.alcove.weights.kernels;

import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.Set;
import org.alcove.api.kernel.FloatMatrix;
import org.alcove.api.kernel.MatrixShape;
import org.alcove.api.kernel.PackedLayout;
import org.alcove.api.kernel.PackedMatrix;
import org.alcove.api.kernel.QuantizationKernel;
import org.alcove.api.kernel.RowRange;
import org.alcove.weights.KernelFaultException;
import org.alcove.weights.checkpoint.Layouts;

/**
 * A kernel and what its service properties say. Every call into it passes here, so that whatever it throws is blamed on its
 * bundle. Virtual machine errors pass unchanged: running out of memory, or touching a mapped file that somebody cut short
 * ({@link InternalError}, from kernels in Java), is not the kernel's fault.
 */
public final class InstalledKernel implements Comparable<InstalledKernel> {

    private static final String PREPARING = "preparing activations";

    private final QuantizationKernel kernel;
    private final KernelOrigin origin;
    private final List<PackedLayout> layouts;
    /** Those of them whose format it announces. */
    private final List<PackedLayout> served;
    private final boolean preparesApart;

    InstalledKernel(QuantizationKernel kernel, KernelOrigin origin) {
        this.kernel = kernel;
        this.origin = origin;
        this.layouts = listed();
        this.preparesApart = asksApart();
        this.served = layouts.stream().filter(layout -> origin.formats().contains(layout.format())).toList();
    }

    long id() {
        return origin.id();
    }

    /** Layouts it accepts and whose format it announces. */
    List<PackedLayout> served() {
        return served;
    }

    /** Whether it multiplies matrices of a layout. */
    boolean serves(PackedLayout layout) {
        return served.contains(layout);
    }

    /** The layout for interleaved rows of what a file holds in that one, where the kernel prefers it; null where not. */
    PackedLayout interleaved(PackedLayout file) {
        for (PackedLayout layout : layouts) {
            if (layout.equals(file)) {
                return null;
            }
            if (Layouts.isInterleaved(layout, file)) {
                return layout;
            }
        }
        return null;
    }

    Set<String> formats() {
        return origin.formats();
    }

    /** Kind of implementation, for people. */
    public String tier() {
        return origin.tier();
    }

    /** Name, tier, ranking and bundle, for people. */
    public String describe() {
        return name() + " (" + origin.tier() + ", ranking " + origin.ranking() + ")";
    }

    /** See {@link QuantizationKernel#pack}; weights that are no numbers are the caller's fault, not the kernel's. */
    public void pack(FloatMatrix source, PackedMatrix target) {
        try {
            kernel.pack(source, target);
        } catch (IllegalArgumentException e) {
            throw e;
        } catch (RuntimeException | LinkageError | AssertionError | StackOverflowError e) {
            throw fault("packing", e);
        }
    }

    /** See {@link QuantizationKernel#unpack}. */
    public void unpack(PackedMatrix source, RowRange rows, MemorySegment target) {
        try {
            kernel.unpack(source, rows, target);
        } catch (RuntimeException | LinkageError | AssertionError | StackOverflowError e) {
            throw fault("unpacking", e);
        }
    }

    /** See {@link QuantizationKernel#repack}; numbers that the target cannot hold are not the kernel's fault. */
    public void repack(PackedMatrix from, PackedMatrix to) {
        try {
            kernel.repack(from, to);
        } catch (IllegalArgumentException e) {
            throw e;
        } catch (RuntimeException | LinkageError | AssertionError | StackOverflowError e) {
            throw fault("repacking", e);
        }
    }

    /** See {@link QuantizationKernel#preparedBytes}. */
    public long preparedBytes(int tokens, int columns, PackedLayout layout) {
        // Asked several times a layer, so without a lambda and a boxed number, which would be garbage each time.
        long bytes;
        try {
            bytes = kernel.preparedBytes(tokens, columns, layout);
        } catch (RuntimeException | LinkageError | AssertionError | StackOverflowError e) {
            throw fault("sizing prepared activations", e);
        }
        return size("sizing prepared activations", bytes);
    }

    /** See {@link QuantizationKernel#scratchBytes}. */
    public long scratchBytes(int tokens, MatrixShape shape) {
        long bytes;
        try {
            bytes = kernel.scratchBytes(tokens, shape);
        } catch (RuntimeException | LinkageError | AssertionError | StackOverflowError e) {
            throw fault("sizing scratch memory", e);
        }
        return size("sizing scratch memory", bytes);
    }

    /** See {@link QuantizationKernel#prepare}. */
    public void prepare(MemorySegment activations, int tokens, int columns, PackedLayout layout, MemorySegment prepared) {
        try {
            kernel.prepare(activations, tokens, columns, layout, prepared);
        } catch (RuntimeException | LinkageError | AssertionError | StackOverflowError e) {
            throw fault(PREPARING, e);
        }
    }

    /** See {@link QuantizationKernel#preparesApart}. */
    public boolean preparesApart() {
        return preparesApart;
    }

    /** See {@link QuantizationKernel#prepareTokens}. */
    public void prepareTokens(MemorySegment activations, int first, int end, int columns, PackedLayout layout,
            MemorySegment prepared) {
        try {
            kernel.prepareTokens(activations, first, end, columns, layout, prepared);
        } catch (RuntimeException | LinkageError | AssertionError | StackOverflowError e) {
            throw fault(PREPARING, e);
        }
    }

    /** See {@link QuantizationKernel#multiply}. */
    public void multiply(MemorySegment prepared, int tokens, PackedMatrix weights, RowRange rows, MemorySegment y,
            MemorySegment scratch) {
        try {
            kernel.multiply(prepared, tokens, weights, rows, y, scratch);
        } catch (RuntimeException | LinkageError | AssertionError | StackOverflowError e) {
            throw fault("multiplying", e);
        }
    }

    /** Best first. */
    @Override
    public int compareTo(InstalledKernel other) {
        return origin.compareTo(other.origin);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof InstalledKernel that && origin.equals(that.origin);
    }

    @Override
    public int hashCode() {
        return origin.hashCode();
    }

    private List<PackedLayout> listed() {
        try {
            return List.copyOf(kernel.layouts());
        } catch (RuntimeException | LinkageError | AssertionError | StackOverflowError e) {
            throw fault("listing its layouts", e);
        }
    }

    private boolean asksApart() {
        try {
            return kernel.preparesApart();
        } catch (RuntimeException | LinkageError | AssertionError | StackOverflowError e) {
            throw fault(PREPARING, e);
        }
    }

    private long size(String doing, long bytes) {
        if (bytes < 0) {
            throw fault(doing, new IllegalStateException(bytes + " bytes"));
        }
        return bytes;
    }

    private KernelFaultException fault(String doing, Throwable cause) {
        return new KernelFaultException("kernel " + name() + " failed while " + doing + ": " + cause
                + "; replace the bundle, or remove it if another one serves the format", cause);
    }

    private String name() {
        return kernel.getClass().getSimpleName() + " of bundle " + origin.bundle();
    }
}
