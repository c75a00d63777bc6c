package org.alcove.testkit.kernel;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import org.alcove.api.kernel.MatrixShape;
import org.alcove.api.kernel.PackedLayout;
import org.alcove.api.kernel.PackedMatrix;
import org.alcove.api.kernel.QuantizationKernel;
import org.alcove.api.kernel.RowRange;

/** Calls a kernel with buffers of exactly the promised sizes and looks at their margins afterwards. */
final class KernelRun {

    private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;

    private final QuantizationKernel kernel;

    KernelRun(QuantizationKernel kernel) {
        this.kernel = kernel;
    }

    /** Planes at odd addresses: nothing is promised about alignment. */
    static PackedMatrix allocate(Arena arena, PackedLayout layout, MatrixShape shape, List<GuardedMemory> guards) {
        List<MemorySegment> planes = new ArrayList<>();
        for (var plane : layout.planes()) {
            GuardedMemory memory = GuardedMemory.misaligned(arena, plane.bytes(shape));
            guards.add(memory);
            planes.add(memory.inside());
        }
        return new PackedMatrix(layout, shape, planes);
    }

    PackedMatrix pack(Arena arena, TestMatrix source, PackedLayout layout) {
        List<GuardedMemory> guards = new ArrayList<>();
        PackedMatrix target = allocate(arena, layout, source.shape(), guards);
        kernel.pack(source, target);
        guards.forEach(guard -> guard.check("pack to " + layout.name()));
        return target;
    }

    PackedMatrix repack(Arena arena, PackedMatrix from, PackedLayout layout) {
        List<GuardedMemory> guards = new ArrayList<>();
        PackedMatrix target = allocate(arena, layout, from.shape(), guards);
        kernel.repack(from, target);
        guards.forEach(guard -> guard.check("repack to " + layout.name()));
        return target;
    }

    float[] unpack(PackedMatrix matrix, RowRange rows) {
        try (Arena arena = Arena.ofConfined()) {
            long bytes = 4L * rows.size() * matrix.shape().columns();
            GuardedMemory target = GuardedMemory.misaligned(arena, bytes);
            kernel.unpack(matrix, rows, target.inside());
            target.check("unpack");
            return target.inside().toArray(FLOAT);
        }
    }

    GuardedMemory prepare(Arena arena, float[] x, int tokens, PackedMatrix matrix, boolean aligned) {
        int columns = matrix.shape().columns();
        GuardedMemory activations = aligned ? GuardedMemory.aligned(arena, 4L * x.length)
                : GuardedMemory.misaligned(arena, 4L * x.length);
        MemorySegment.copy(x, 0, activations.inside(), FLOAT, 0, x.length);
        GuardedMemory prepared = GuardedMemory.aligned(arena, kernel.preparedBytes(tokens, columns, matrix.layout()));
        kernel.prepare(activations.inside(), tokens, columns, matrix.layout(), prepared.inside());
        prepared.check("prepare");
        activations.check("prepare");
        return prepared;
    }

    /** Of a batch of zeros some tokens are replaced, the last ones first; the products must be those of the new batch. */
    void preparedApart(float[] x, PackedMatrix matrix) {
        int columns = matrix.shape().columns();
        int tokens = x.length / columns;
        try (Arena arena = Arena.ofConfined()) {
            float[] now = new float[x.length];
            GuardedMemory prepared = prepare(arena, now, tokens, matrix, true);
            GuardedMemory activations = GuardedMemory.misaligned(arena, 4L * x.length);
            MemorySegment.copy(x, 0, activations.inside(), FLOAT, 0, x.length);
            for (RowRange part : List.of(new RowRange(4, tokens), new RowRange(0, 1), new RowRange(1, 4))) {
                kernel.prepareTokens(activations.inside(), part.first(), part.end(), columns, matrix.layout(), prepared.inside());
                prepared.check("prepareTokens");
                System.arraycopy(x, part.first() * columns, now, part.first() * columns, part.size() * columns);
                KernelAssertions.assertSameBits(product(now, tokens, matrix, true), product(arena, prepared, tokens, matrix),
                        "with tokens " + part);
            }
        }
    }

    void multiply(MemorySegment prepared, int tokens, PackedMatrix matrix, RowRange rows, MemorySegment y) {
        try (Arena arena = Arena.ofConfined()) {
            GuardedMemory scratch = GuardedMemory.aligned(arena, kernel.scratchBytes(tokens, matrix.shape()));
            kernel.multiply(prepared, tokens, matrix, rows, y, scratch.inside());
            scratch.check("multiply: scratch");
        }
    }

    /** All rows at once: prepare, multiply, {@code tokens * rows} products. */
    float[] product(float[] x, int tokens, PackedMatrix matrix, boolean aligned) {
        try (Arena arena = Arena.ofConfined()) {
            return product(arena, prepare(arena, x, tokens, matrix, aligned), tokens, matrix);
        }
    }

    private float[] product(Arena arena, GuardedMemory prepared, int tokens, PackedMatrix matrix) {
        GuardedMemory y = GuardedMemory.misaligned(arena, 4L * tokens * matrix.shape().rows());
        multiply(prepared.inside(), tokens, matrix, RowRange.all(matrix.shape()), y.inside());
        y.check("multiply: y");
        prepared.check("multiply: prepared");
        return y.inside().toArray(FLOAT);
    }
}
