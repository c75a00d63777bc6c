package org.alcove.kernel.base;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.random.RandomGenerator;
import org.alcove.api.kernel.MatrixShape;
import org.alcove.api.kernel.PackedLayout;
import org.alcove.api.kernel.PackedMatrix;
import org.alcove.api.kernel.QuantizationKernel;
import org.alcove.testkit.kernel.KernelContract;

/** The contract for block formats. Those that are only read are tried with random blocks. */
abstract class BlocksContract extends KernelContract {

    @Override
    protected QuantizationKernel reference() {
        return new ReferenceBlocks();
    }

    /** Half a step and the rounding of the scale; the end of Q5_0's range that is one step short of the extreme. */
    @Override
    protected double packingError(PackedLayout layout) {
        return switch (BlockFormat.of(layout)) {
            case Q8_0 -> 0.5 / 127 + 0x1p-11;
            case Q5_0 -> 1.0 / 16 + 0x1p-11;
            case Q5_1 -> 1.0 / 31 + 3 * 0x1p-11;
            case Q4_K, Q5_K, Q6_K -> Double.NaN;
        };
    }

    /**
     * Rows may end inside a block. A block with a single weight may be too small for its scale, a binary16, and is then far
     * beyond any bound on the error; so where it is packed there are more.
     */
    @Override
    protected boolean accepts(PackedLayout layout, MatrixShape shape) {
        return shape.columns() % 32 != 1 || Double.isNaN(packingError(layout));
    }

    @Override
    protected PackedMatrix matrix(Arena arena, PackedLayout layout, MatrixShape shape, RandomGenerator random) {
        BlockFormat format = BlockFormat.of(layout);
        if (format.columns == 32) {
            return super.matrix(arena, layout, shape, random);
        }
        byte[] bytes = new byte[Math.toIntExact(layout.bytes(shape))];
        random.nextBytes(bytes);
        MemorySegment memory = arena.allocate(bytes.length + 1).asSlice(1, bytes.length);
        MemorySegment.copy(bytes, 0, memory, ValueLayout.JAVA_BYTE, 0, bytes.length);
        for (int block = 0; block < bytes.length; block += format.bytes) {
            int scale = format == BlockFormat.Q6_K ? Q6kRows.SCALE : 0;
            memory.set(ValueLayout.JAVA_SHORT_UNALIGNED, block + scale, half(random));
            if (format != BlockFormat.Q6_K) {
                memory.set(ValueLayout.JAVA_SHORT_UNALIGNED, block + 2, half(random));
            }
        }
        return new PackedMatrix(layout, shape, List.of(memory));
    }

    private static short half(RandomGenerator random) {
        return Float.floatToFloat16((float) random.nextGaussian() * 0.01f);
    }
}
