package org.alcove.kernel.base;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.List;
import java.util.Optional;
import org.alcove.api.kernel.MatrixShape;
import org.alcove.api.kernel.PackedLayout;
import org.alcove.api.kernel.PackedMatrix;
import org.alcove.api.kernel.RowRange;
import org.alcove.nativelibrary.NativeLibrary;

/**
 * Dense weights by a native library ({@code src/main/native/dense.c}). Where the bundle has none, or this machine cannot load it,
 * the kernel accepts no layouts, and so the next tier serves them.
 */
abstract class NativeDense extends DenseKernel implements AutoCloseable {

    private static final FunctionDescriptor MULTIPLY = FunctionDescriptor.ofVoid(ADDRESS, JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_INT,
            JAVA_INT, ADDRESS, JAVA_INT, JAVA_INT, ADDRESS);
    private static final FunctionDescriptor UNPACK = FunctionDescriptor.ofVoid(ADDRESS, JAVA_INT, JAVA_LONG, ADDRESS);

    private final Optional<NativeLibrary> library;
    private final MethodHandle multiply;
    private final MethodHandle unpack;

    /** Opens the library of a tier. */
    NativeDense(String tier) {
        library = NativeLibrary.open(NativeDense.class, tier + ".so");
        multiply = library.map(open -> open.function("alcove_dense_multiply", MULTIPLY)).orElse(null);
        unpack = library.map(open -> open.function("alcove_dense_unpack", UNPACK)).orElse(null);
    }

    @Override
    public List<PackedLayout> layouts() {
        return library.isPresent() ? super.layouts() : List.of();
    }

    @Override
    public void unpack(PackedMatrix source, RowRange rows, MemorySegment target) {
        DenseFormat format = DenseFormat.of(source.layout());
        long columns = source.shape().columns();
        long stride = columns * format.bytes;
        try {
            unpack.invokeExact(source.plane(0).asSlice(rows.first() * stride, rows.size() * stride), format.ordinal(),
                    rows.size() * columns, target);
        } catch (Throwable e) {
            throw NativeLibrary.failure(e);
        }
    }

    @Override
    public void multiply(MemorySegment prepared, int tokens, PackedMatrix weights, RowRange rows, MemorySegment y,
            MemorySegment scratch) {
        MatrixShape shape = weights.shape();
        try {
            multiply.invokeExact(prepared, DensePacking.preparedStride(shape.columns()), tokens,
                    DenseFormat.of(weights.layout()).ordinal(), shape.rows(), shape.columns(), weights.plane(0), rows.first(),
                    rows.end(), y);
        } catch (Throwable e) {
            throw NativeLibrary.failure(e);
        }
    }

    /** Unmaps the library; called when the component is deactivated. */
    @Override
    public void close() {
        library.ifPresent(NativeLibrary::close);
    }
}
