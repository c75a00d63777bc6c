package org.alcove.benchmarks;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.alcove.api.kernel.FloatMatrix;
import org.alcove.api.kernel.MatrixShape;
import org.alcove.api.kernel.PackedMatrix;
import org.alcove.api.kernel.Plane;
import org.alcove.api.kernel.RowRange;

/** Tame random numbers as kernels want them. */
final class Operands {

    /** As many different rows a matrix has; a multiple of the rows of every layout's blocks. */
    private static final int DIFFERENT_ROWS = 64;

    private Operands() {
    }

    /** A shape written {@code 2048x5632}: rows, a multiple of 64, by columns. */
    static MatrixShape shape(String text) {
        String[] numbers = text.split("x");
        MatrixShape shape = new MatrixShape(Integer.parseInt(numbers[0]), Integer.parseInt(numbers[1]));
        if (shape.rows() % DIFFERENT_ROWS != 0) {
            throw new IllegalArgumentException("shape " + text + " has " + shape.rows() + " rows, not a multiple of "
                    + DIFFERENT_ROWS);
        }
        return shape;
    }

    /** Count float32 numbers from -1 to 1. */
    static MemorySegment floats(Arena arena, long count) {
        MemorySegment numbers = arena.allocate(4 * count, 64);
        fill(numbers, count);
        return numbers;
    }

    private static void fill(MemorySegment numbers, long count) {
        Random random = new Random(1);
        for (long i = 0; i < count; i++) {
            numbers.setAtIndex(ValueLayout.JAVA_FLOAT_UNALIGNED, i, 2 * random.nextFloat() - 1);
        }
    }

    /** A packed matrix: some rows packed by the kernel, repeated, so that a large one is there soon. */
    static PackedMatrix matrix(Arena arena, Kernels.Choice choice, MatrixShape shape) {
        MatrixShape part = new MatrixShape(DIFFERENT_ROWS, shape.columns());
        PackedMatrix some = new PackedMatrix(choice.layout(), part, planes(arena, choice, part));
        try {
            choice.kernel().pack(new Weights(part), some);
        } catch (UnsupportedOperationException e) {
            // A format that is only read: any bytes are codes, and below 0x40 they are halves of less than 2.
            some.planes().forEach(Operands::scatter);
        }
        List<MemorySegment> planes = planes(arena, choice, shape);
        for (int i = 0; i < planes.size(); i++) {
            long bytes = some.plane(i).byteSize();
            for (long at = 0; at < planes.get(i).byteSize(); at += bytes) {
                MemorySegment.copy(some.plane(i), 0, planes.get(i), at, bytes);
            }
        }
        return new PackedMatrix(choice.layout(), shape, planes);
    }

    private static void scatter(MemorySegment plane) {
        Random random = new Random(2);
        for (long i = 0; i < plane.byteSize(); i++) {
            plane.set(ValueLayout.JAVA_BYTE, i, (byte) random.nextInt(0x40));
        }
    }

    private static List<MemorySegment> planes(Arena arena, Kernels.Choice choice, MatrixShape shape) {
        List<MemorySegment> planes = new ArrayList<>();
        for (Plane plane : choice.layout().planes()) {
            planes.add(arena.allocate(plane.bytes(shape), 64));
        }
        return planes;
    }

    private record Weights(MatrixShape shape) implements FloatMatrix {

        @Override
        public void read(RowRange rows, MemorySegment target) {
            fill(target, (long) rows.size() * shape.columns());
        }
    }
}
