package org.alcove.kernel.base;

import java.lang.foreign.MemorySegment;
import java.nio.ByteOrder;
import jdk.incubator.vector.ByteVector;
import jdk.incubator.vector.ShortVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import jdk.incubator.vector.VectorSpecies;
import org.alcove.api.kernel.PackedMatrix;
import org.alcove.kernel.integer.IntegerRows;

/**
 * All formats of {@link BlockFormat}, a block of codes at a time. Blocks at the end of a row are written as far as the promise of
 * {@link IntegerRows#codes} allows: 31 bytes more than asked for.
 */
final class VectorBlockFormats extends BlockFormats {

    private static final ByteOrder ORDER = ByteOrder.LITTLE_ENDIAN;
    private static final VectorSpecies<Byte> HALF = ByteVector.SPECIES_128;
    private static final VectorSpecies<Byte> WHOLE = ByteVector.SPECIES_256;

    @Override
    public IntegerRows rows(PackedMatrix matrix) {
        Blocks blocks = Blocks.of(matrix);
        return switch (blocks.format()) {
            case Q8_0 -> new Q8(blocks);
            case Q5_0, Q5_1 -> new Q5(blocks);
            case Q4_K, Q5_K -> new Qk(blocks);
            case Q6_K -> new Q6k(blocks);
        };
    }

    private static final class Q8 extends Q8Rows {

        Q8(Blocks blocks) {
            super(blocks);
        }

        @Override
        public void codes(int row, int first, int end, MemorySegment target, long at) {
            MemorySegment memory = blocks.memory();
            long block = blocks.at(row, first) + CODES;
            for (int column = 0; column < end - first; column += 32) {
                ByteVector.fromMemorySegment(WHOLE, memory, block, ORDER).intoMemorySegment(target, at + column, ORDER);
                block += 34;
            }
        }
    }

    private static final class Q5 extends Q5Rows {

        Q5(Blocks blocks) {
            super(blocks);
        }

        @Override
        public void codes(int row, int first, int end, MemorySegment target, long at) {
            byte bias = (byte) (minimum ? 0 : -16);
            long block = blocks.at(row, first) + high;
            for (int column = 0; column < end - first; column += 32) {
                int bits = blocks.word(block);
                ShortVector both = ByteVector.fromMemorySegment(HALF, blocks.memory(), block + 4, ORDER).reinterpretAsShorts();
                store(both, bits, bias, target, at + column);
                store(both.lanewise(VectorOperators.LSHR, 4), bits >>> 16, bias, target, at + column + 16);
                block += blocks.format().bytes;
            }
        }

        private static void store(ShortVector nibbles, int bits, byte bias, MemorySegment target, long at) {
            VectorMask<Byte> fifth = VectorMask.fromLong(HALF, bits & 0xffff);
            nibbles.and((short) 0x0f0f).reinterpretAsBytes().add(bias).add((byte) 16, fifth).intoMemorySegment(target, at, ORDER);
        }
    }

    private static final class Qk extends QkRows {

        Qk(Blocks blocks) {
            super(blocks);
        }

        @Override
        public void codes(int row, int first, int end, MemorySegment target, long at) {
            MemorySegment memory = blocks.memory();
            for (int column = first; column < end; column += 32) {
                long block = blocks.at(row, column);
                int group = column % 256 / 32;
                ShortVector codes = ByteVector.fromMemorySegment(WHOLE, memory, block + low + group / 2 * 32, ORDER)
                        .reinterpretAsShorts().lanewise(VectorOperators.LSHR, 4 * (group % 2)).and((short) 0x0f0f);
                if (five) {
                    codes = codes.or(ByteVector.fromMemorySegment(WHOLE, memory, block + HIGH, ORDER).reinterpretAsShorts()
                            .lanewise(VectorOperators.LSHR, group).and((short) 0x0101).lanewise(VectorOperators.LSHL, 4));
                }
                codes.reinterpretAsBytes().intoMemorySegment(target, at + column - first, ORDER);
            }
        }
    }

    private static final class Q6k extends Q6kRows {

        Q6k(Blocks blocks) {
            super(blocks);
        }

        /** A part that begins in the middle of a run, which a slice never does, is left to the plain way. */
        @Override
        public void codes(int row, int first, int end, MemorySegment target, long at) {
            if (first % 32 != 0) {
                super.codes(row, first, end, target, at);
                return;
            }
            MemorySegment memory = blocks.memory();
            for (int column = first; column < end; column += 32) {
                long block = blocks.at(row, column);
                int half = column % 256 / 128;
                int run = column % 128 / 32;
                ShortVector low = ByteVector.fromMemorySegment(WHOLE, memory, block + 64 * half + 32 * (run % 2), ORDER)
                        .reinterpretAsShorts().lanewise(VectorOperators.LSHR, 4 * (run / 2)).and((short) 0x0f0f);
                ShortVector high = ByteVector.fromMemorySegment(WHOLE, memory, block + HIGH + 32 * half, ORDER)
                        .reinterpretAsShorts().lanewise(VectorOperators.LSHR, 2 * run).and((short) 0x0303);
                low.or(high.lanewise(VectorOperators.LSHL, 4)).reinterpretAsBytes().sub((byte) 32)
                        .intoMemorySegment(target, at + column - first, ORDER);
            }
        }
    }
}
