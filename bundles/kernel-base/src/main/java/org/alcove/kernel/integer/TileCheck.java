package org.alcove.kernel.integer;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import org.alcove.api.kernel.MatrixShape;
import org.alcove.api.kernel.PackedLayout;
import org.alcove.api.kernel.PackedMatrix;
import org.alcove.api.kernel.RowRange;

/**
 * Multiplies a few small matrices by many tokens, which is done by tiles, and by each token alone, which is done by vectors: the
 * bits must be the same. So a tile unit that does not do what is expected of it, on whatever machine, reaches no answer.
 */
final class TileCheck {

    /** More than a block of rows, more than a slice of columns, and a last group that fills no tile. */
    private static final MatrixShape SHAPE = new MatrixShape(33, 1184);
    /** More than a tile, and some left over. */
    private static final int TOKENS = 21;
    /** Without the highest bit of an exponent no scale, of whatever type and wherever it lies, is infinite or not a number. */
    private static final int FINITE = 0xbf;
    private static final int CODE = 15;

    /** What is tried: the tier's library. */
    interface Arithmetic {

        /** As {@link org.alcove.api.kernel.QuantizationKernel#prepareTokens}. */
        void prepareTokens(MemorySegment activations, int first, int end, int columns, PackedLayout layout,
                MemorySegment prepared);

        /** As {@link org.alcove.api.kernel.QuantizationKernel#multiply}. */
        void multiply(MemorySegment prepared, int tokens, PackedMatrix weights, RowRange rows, MemorySegment y,
                MemorySegment scratch);
    }

    private final Arithmetic arithmetic;

    TileCheck(Arithmetic arithmetic) {
        this.arithmetic = arithmetic;
    }

    /** The first difference between tiles and vectors, in words; none if they agree. */
    Optional<String> difference(List<PackedLayout> layouts) {
        Random random = new Random(layouts.size());
        try (Arena arena = Arena.ofConfined()) {
            int values = TOKENS * SHAPE.columns();
            MemorySegment activations = arena.allocate(4L * values, 64);
            for (int i = 0; i < values; i++) {
                activations.setAtIndex(ValueLayout.JAVA_FLOAT, i, random.nextFloat() * 2 - 1);
            }
            for (PackedLayout layout : unlike(layouts)) {
                Optional<String> difference = difference(layout, activations, random);
                if (difference.isPresent()) {
                    return difference;
                }
            }
            return Optional.empty();
        }
    }

    /** One layout of each that native code treats differently. */
    private static List<PackedLayout> unlike(List<PackedLayout> layouts) {
        Map<String, PackedLayout> chosen = new HashMap<>();
        for (PackedLayout layout : layouts) {
            int group = PreparedLayout.of(layout, SHAPE.columns()).group();
            chosen.putIfAbsent(NativeFormat.of(layout) + " " + group, layout);
        }
        return new ArrayList<>(chosen.values());
    }

    private Optional<String> difference(PackedLayout layout, MemorySegment activations, Random random) {
        int rows = SHAPE.rows();
        try (Arena arena = Arena.ofConfined()) {
            PackedMatrix matrix = matrix(arena, layout, random);
            long stride = PreparedLayout.of(layout, SHAPE.columns()).stride();
            MemorySegment prepared = arena.allocate(TOKENS * stride, 64);
            arithmetic.prepareTokens(activations, 0, TOKENS, SHAPE.columns(), layout, prepared);
            MemorySegment scratch = arena.allocate(NativeArithmetic.scratchBytes(TOKENS), 64);
            MemorySegment together = arena.allocate(4L * TOKENS * rows, 64);
            arithmetic.multiply(prepared, TOKENS, matrix, RowRange.all(SHAPE), together, scratch);
            MemorySegment alone = arena.allocate(4L * rows, 64);
            for (int token = 0; token < TOKENS; token++) {
                arithmetic.multiply(prepared.asSlice(token * stride, stride), 1, matrix, RowRange.all(SHAPE), alone, scratch);
                long at = alone.mismatch(together.asSlice(4L * token * rows, 4L * rows));
                if (at >= 0) {
                    int row = (int) (at / 4);
                    return Optional.of(layout.format() + " " + layout.name() + ", token " + token + ", row " + row + ": "
                            + together.getAtIndex(ValueLayout.JAVA_FLOAT, (long) token * rows + row) + " instead of "
                            + alone.getAtIndex(ValueLayout.JAVA_FLOAT, row));
                }
            }
            return Optional.empty();
        }
    }

    private static PackedMatrix matrix(Arena arena, PackedLayout layout, Random random) {
        List<MemorySegment> planes = new ArrayList<>();
        for (var plane : layout.planes()) {
            byte[] bytes = new byte[Math.toIntExact(plane.bytes(SHAPE))];
            random.nextBytes(bytes);
            int mask = InterleavedLayouts.is(layout) && plane.name().equals(InterleavedLayouts.ZEROS) ? CODE : FINITE;
            for (int i = 0; i < bytes.length; i++) {
                bytes[i] &= (byte) mask;
            }
            planes.add(arena.allocate(bytes.length, 64).copyFrom(MemorySegment.ofArray(bytes)));
        }
        return new PackedMatrix(layout, SHAPE, planes);
    }
}
