package org.alcove.testkit.kernel;

import static org.alcove.testkit.kernel.KernelAssertions.assertSameBits;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.function.BiFunction;
import org.alcove.api.kernel.PackedMatrix;
import org.alcove.api.kernel.QuantizationKernel;
import org.alcove.api.kernel.RowRange;

/** Every buffer of a call lies directly before, and then directly after, a page that must not be touched. */
final class GuardPageContract {

    private final QuantizationKernel kernel;

    GuardPageContract(QuantizationKernel kernel) {
        this.kernel = kernel;
    }

    /** Whether this system has guard pages as GuardPages makes them. */
    static boolean supported() {
        return System.getProperty("os.name").equals("Linux") && System.getProperty("os.arch").equals("amd64");
    }

    /** Computes with guarded copies of everything and compares with what came out without guards. */
    void run(PackedMatrix matrix, float[] x, int tokens, float[] expected) {
        for (BiFunction<Arena, Long, MemorySegment> place
                : List.<BiFunction<Arena, Long, MemorySegment>>of(GuardPages::before, GuardPages::after)) {
            try (Arena arena = Arena.ofShared()) {
                PackedMatrix guarded = new PackedMatrix(matrix.layout(), matrix.shape(), matrix.planes().stream()
                        .map(plane -> place.apply(arena, plane.byteSize()).copyFrom(plane)).toList());
                MemorySegment activations = place.apply(arena, 4L * x.length).copyFrom(MemorySegment.ofArray(x));
                int columns = matrix.shape().columns();
                MemorySegment prepared = aligned(arena, place, kernel.preparedBytes(tokens, columns, matrix.layout()));
                kernel.prepare(activations, tokens, columns, matrix.layout(), prepared);
                MemorySegment y = place.apply(arena, 4L * tokens * matrix.shape().rows());
                MemorySegment scratch = aligned(arena, place, kernel.scratchBytes(tokens, matrix.shape()));
                kernel.multiply(prepared, tokens, guarded, RowRange.all(matrix.shape()), y, scratch);
                assertSameBits(expected, y.toArray(ValueLayout.JAVA_FLOAT_UNALIGNED), tokens + " tokens, " + matrix.shape());
                kernel.unpack(guarded, RowRange.all(matrix.shape()), place.apply(arena, 4 * matrix.shape().size()));
            }
        }
    }

    /** What must be aligned to 64 may end some bytes before the guard page. */
    private static MemorySegment aligned(Arena arena, BiFunction<Arena, Long, MemorySegment> place, long bytes) {
        return place.apply(arena, bytes + 63 & -64L).asSlice(0, bytes);
    }
}
