package org.alcove.kernel.integer;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.util.Optional;
import org.alcove.api.kernel.PackedLayout;
import org.alcove.api.kernel.PackedMatrix;
import org.alcove.api.kernel.RowRange;
import org.alcove.nativelibrary.NativeLibrary;

/** The functions of a tier's library ({@code src/main/native}): one call for all tokens and a whole range of rows. */
final class NativeArithmetic implements TileCheck.Arithmetic, AutoCloseable {

    /** {@code struct scratch} of {@code multiply.c} with the widest vectors, and its chains of one token. */
    private static final long SCRATCH = 26 * 1024;
    private static final long CHAINS = 32 * Float.BYTES;

    private static final FunctionDescriptor PREPARE = FunctionDescriptor.ofVoid(ADDRESS, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT,
            JAVA_INT, ADDRESS);
    private static final FunctionDescriptor MULTIPLY = FunctionDescriptor.ofVoid(ADDRESS, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_INT,
            JAVA_INT, JAVA_INT, ADDRESS, ADDRESS, ADDRESS, JAVA_INT, JAVA_INT, ADDRESS, ADDRESS);

    private final NativeLibrary library;
    private final MethodHandle prepare;
    private final MethodHandle multiply;

    private NativeArithmetic(NativeLibrary library) {
        this.library = library;
        this.prepare = library.function("alcove_prepare", PREPARE);
        this.multiply = library.function("alcove_multiply", MULTIPLY);
    }

    /** Opens the library of a tier, if this bundle was built with it. */
    static Optional<NativeArithmetic> open(String tier) {
        return NativeLibrary.open(NativeArithmetic.class, tier + ".so").map(NativeArithmetic::new);
    }

    /**
     * Asks the operating system for what the library needs, before anything is multiplied.
     *
     * @return 0, or the {@code errno} of a refusal
     */
    int permission() {
        try {
            return (int) library.function("alcove_permission", FunctionDescriptor.of(JAVA_INT)).invokeExact();
        } catch (Throwable e) {
            throw NativeLibrary.failure(e);
        }
    }

    static long scratchBytes(int tokens) {
        return SCRATCH + tokens * CHAINS;
    }

    @Override
    public void prepareTokens(MemorySegment activations, int first, int end, int columns, PackedLayout layout,
            MemorySegment prepared) {
        try {
            prepare.invokeExact(activations, first, end, columns, NativeFormat.of(layout).ordinal(),
                    layout.groupColumns(columns), prepared);
        } catch (Throwable e) {
            throw NativeLibrary.failure(e);
        }
    }

    @Override
    public void multiply(MemorySegment prepared, int tokens, PackedMatrix weights, RowRange rows, MemorySegment y,
            MemorySegment scratch) {
        PackedLayout layout = weights.layout();
        int columns = weights.shape().columns();
        NativeFormat format = NativeFormat.of(layout);
        try {
            multiply.invokeExact(prepared, tokens, format.ordinal(), format.scaleType(layout), layout.groupColumns(columns),
                    weights.shape().rows(), columns, plane(weights, 0), plane(weights, 1), plane(weights, 2), rows.first(),
                    rows.end(), y, scratch);
        } catch (Throwable e) {
            throw NativeLibrary.failure(e);
        }
    }

    private static MemorySegment plane(PackedMatrix matrix, int index) {
        return index < matrix.planes().size() ? matrix.plane(index) : MemorySegment.NULL;
    }

    @Override
    public void close() {
        library.close();
    }
}
