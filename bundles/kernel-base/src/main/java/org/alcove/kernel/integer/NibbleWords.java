package org.alcove.kernel.integer;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import org.alcove.api.kernel.PackedMatrix;

/**
 * Rows of compressed-tensors {@code pack-quantized} words with their scales.
 *
 * <table>
 * <caption>Planes</caption>
 * <tr><th>plane</th><th>type</th><th>holds</th></tr>
 * <tr><td>0, {@code weight_packed}</td><td>int32[rows][ceil(columns / 8)]</td><td>bits 4i to 4i + 3 of word w: code of
 * column 8w + i; the last word of a row is filled up with zeros</td></tr>
 * <tr><td>1, {@code weight_scale}</td><td>float16, bfloat16 or float32 [rows][groups]</td><td>scale of each group, the last
 * of which may be shorter</td></tr>
 * </table>
 */
public class NibbleWords {

    private static final int PER_WORD = 8;
    private static final int CHUNK_BYTES = 16;
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final long LOW_HALVES = 0x0f0f0f0f0f0f0f0fL;

    private final MemorySegment words;
    private final MemorySegment scales;
    private final ScaleType type;
    private final long wordStride;
    private final long scaleStride;
    private final int groupsPerScale;

    /** The first two planes of a matrix. */
    public NibbleWords(PackedMatrix matrix) {
        int columns = matrix.shape().columns();
        this.words = matrix.plane(0);
        this.scales = matrix.plane(1);
        this.type = PackQuantized.scaleType(matrix.layout());
        this.wordStride = matrix.layout().planes().get(0).stride(columns);
        this.scaleStride = matrix.layout().planes().get(1).stride(columns);
        this.groupsPerScale = Math.ceilDiv(matrix.layout().groupColumns(columns),
                PreparedLayout.of(matrix.layout(), columns).group());
    }

    /** As {@link NibbleRows#nibbles}. */
    public MemorySegment nibbles() {
        return words;
    }

    /** As {@link NibbleRows#firstChunk}. */
    public long firstChunk(int row) {
        return row * wordStride;
    }

    /** As {@link NibbleRows#chunkStride}. */
    public int chunkStride() {
        return CHUNK_BYTES;
    }

    /** As {@link NibbleRows#interleaved}. */
    public boolean interleaved() {
        return true;
    }

    /** As {@link IntegerRows#code}. */
    public int code(int row, int column) {
        return words.get(JAVA_BYTE, row * wordStride + column / 2) >> column % 2 * 4 & 15;
    }

    /** As {@link IntegerRows#codes}. */
    public void codes(int row, int first, int end, MemorySegment target, long at) {
        long from = row * wordStride + first / 2;
        for (int done = 0; done < end - first; done += PER_WORD) {
            long word = words.get(INT, from + done / 2);
            target.set(LONG, at + done, Long.expand(word, LOW_HALVES));
        }
    }

    /** Weight group that an activation group lies in. */
    public int weightGroup(int activations) {
        return groupsPerScale == 1 ? activations : activations / groupsPerScale;
    }

    /** As {@link IntegerRows#scale}. */
    public float scale(int row, int activations) {
        return type.read(scales, row * scaleStride + (long) weightGroup(activations) * type.bytes());
    }

    /** How scales are stored. */
    public ScaleType scaleType() {
        return type;
    }

    /** Stores the scale of a weight group. */
    public void putScale(int row, int weightGroup, float scale) {
        type.write(scales, row * scaleStride + (long) weightGroup * type.bytes(), scale);
    }

    /** Stores the codes of a row. */
    public void putCodes(int row, byte[] codes) {
        for (int first = 0; first < codes.length; first += PER_WORD) {
            int word = 0;
            for (int i = 0; i < Math.min(PER_WORD, codes.length - first); i++) {
                word |= codes[first + i] << 4 * i;
            }
            words.set(INT, row * wordStride + first / 2, word);
        }
    }
}
