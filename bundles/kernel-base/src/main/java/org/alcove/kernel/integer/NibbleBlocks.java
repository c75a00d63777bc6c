package org.alcove.kernel.integer;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import org.alcove.api.kernel.PackedMatrix;

/**
 * Rows of GGUF blocks of 32 four-bit codes.
 *
 * <table>
 * <caption>Bytes of a block whose header has {@code h} bytes: 2 in Q4_0, 4 in Q4_1</caption>
 * <tr><th>from</th><th>type</th><th>holds</th></tr>
 * <tr><td>0</td><td>float16</td><td>scale {@code d}</td></tr>
 * <tr><td>2</td><td>float16</td><td>minimum {@code m}, in Q4_1 only</td></tr>
 * <tr><td>h</td><td>16 bytes</td><td>byte j: code j in the low half, code j + 16 in the high half</td></tr>
 * </table>
 */
public class NibbleBlocks {

    /** Weights of a block. */
    public static final int WEIGHTS = 32;

    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final long LOW_HALVES = 0x0f0f0f0f0f0f0f0fL;

    private final MemorySegment memory;
    private final int header;
    private final int blockBytes;
    private final long stride;

    /** Blocks of the only plane of a matrix. */
    public NibbleBlocks(PackedMatrix matrix, int header) {
        this.memory = matrix.plane(0);
        this.header = header;
        this.blockBytes = header + WEIGHTS / 2;
        this.stride = matrix.layout().planes().getFirst().stride(matrix.shape().columns());
    }

    /** Offset of a block. */
    private long at(int row, int block) {
        return row * stride + (long) block * blockBytes;
    }

    /** As {@link NibbleRows#nibbles}. */
    public MemorySegment nibbles() {
        return memory;
    }

    /** As {@link NibbleRows#firstChunk}. */
    public long firstChunk(int row) {
        return row * stride + header;
    }

    /** As {@link NibbleRows#chunkStride}. */
    public int chunkStride() {
        return blockBytes;
    }

    /** As {@link NibbleRows#interleaved}. */
    public boolean interleaved() {
        return false;
    }

    /** As {@link IntegerRows#code}. */
    public int code(int row, int column) {
        int inside = column % WEIGHTS;
        byte both = memory.get(JAVA_BYTE, at(row, column / WEIGHTS) + header + inside % 16);
        return both >> inside / 16 * 4 & 15;
    }

    /** As {@link IntegerRows#codes}. */
    public void codes(int row, int first, int end, MemorySegment target, long at) {
        long from = at(row, first / WEIGHTS) + header;
        for (int done = 0; done < end - first; done += WEIGHTS) {
            long left = memory.get(LONG, from);
            long right = memory.get(LONG, from + 8);
            target.set(LONG, at + done, left & LOW_HALVES);
            target.set(LONG, at + done + 8, right & LOW_HALVES);
            target.set(LONG, at + done + 16, left >>> 4 & LOW_HALVES);
            target.set(LONG, at + done + 24, right >>> 4 & LOW_HALVES);
            from += blockBytes;
        }
    }

    /** The float16 at an offset inside a block's header, widened. */
    public float header(int row, int block, int offset) {
        return ScaleType.F16.read(memory, at(row, block) + offset);
    }

    /** Stores a float16 in a block's header. */
    public void putHeader(int row, int block, int offset, float value) {
        ScaleType.F16.write(memory, at(row, block) + offset, value);
    }

    /** Stores the codes of a row. */
    public void putCodes(int row, byte[] codes) {
        for (int first = 0; first < codes.length; first += WEIGHTS) {
            long to = at(row, first / WEIGHTS) + header;
            for (int j = 0; j < WEIGHTS / 2; j++) {
                memory.set(JAVA_BYTE, to + j, (byte) (codes[first + j] | codes[first + j + 16] << 4));
            }
        }
    }
}
