package org.alcove.kernel.integer;

import static java.lang.foreign.ValueLayout.JAVA_BYTE;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import org.alcove.api.kernel.MatrixShape;
import org.alcove.api.kernel.PackedMatrix;

/**
 * Codes of 0 to 15 of sixteen rows side by side, so that a vector holds the same columns of all of them.
 *
 * <table>
 * <caption>Planes; a panel is 16 rows, a chunk 32 columns; what lies beyond the matrix is zero</caption>
 * <tr><th>plane</th><th>type</th><th>holds</th></tr>
 * <tr><td>0, as the file's</td><td>int8[panels][chunks][4][16][4]</td><td>byte {@code [j][r][b]}: of row r, code 4j + b of the
 * chunk in the low half, code 16 + 4j + b in the high half</td></tr>
 * <tr><td>1, {@code scales}</td><td>float16 or bfloat16[panels][groups][16]</td><td>scale of each group and row</td></tr>
 * <tr><td>2, {@code minima}</td><td>float16[panels][groups][16]</td><td>float minima, for Q4_1 only</td></tr>
 * <tr><td>2, {@code zeros}</td><td>int8[panels][groups][16]</td><td>zero points, for words with zero points only</td></tr>
 * </table>
 */
final class InterleavedRows implements IntegerRows {

    static final int ROWS = 16;
    static final int CHUNK = 32;

    private static final int QUADS = 4 * ROWS;
    private static final int CHUNK_BYTES = 4 * QUADS;
    private static final int SYMMETRIC_ZERO = 8;
    private static final long LOW_HALVES = 0x0f0f0f0f0f0f0f0fL;
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private final PackedMatrix matrix;
    private final MatrixShape shape;
    private final MemorySegment codes;
    private final long codesStride;
    private final ScaleType type;
    private final int groups;
    private final boolean minima;
    private final boolean zeros;

    InterleavedRows(PackedMatrix matrix) {
        this.matrix = matrix;
        this.shape = matrix.shape();
        this.codes = matrix.plane(0);
        this.codesStride = matrix.layout().planes().getFirst().stride(shape.columns());
        this.type = InterleavedLayouts.scaleType(matrix.layout());
        this.groups = PreparedLayout.of(matrix.layout(), shape.columns()).groups();
        boolean extra = matrix.planes().size() == 3;
        this.minima = extra && matrix.layout().planes().get(2).name().equals(InterleavedLayouts.MINIMA);
        this.zeros = extra && !minima;
    }

    private long chunkAt(int row, int chunk) {
        return row / ROWS * codesStride + (long) chunk * CHUNK_BYTES + row % ROWS * 4;
    }

    /** Index among the values of a plane that has one for each group and row. */
    private long valueAt(int row, int group) {
        return ((long) (row / ROWS) * groups + group) * ROWS + row % ROWS;
    }

    /** What a plane holds of the panel of a row, from that row on: codes, scales, then zeros or minima. */
    MemorySegment panel(int plane, int row) {
        long stride = matrix.layout().planes().get(plane).stride(shape.columns());
        int bytes = plane == 0 ? 4 : plane == 1 || minima ? Short.BYTES : 1;
        long skipped = (long) row % ROWS * bytes;
        return matrix.plane(plane).asSlice(row / ROWS * stride + skipped, stride - skipped);
    }

    ScaleType scaleType() {
        return type;
    }

    /** Whether each group has a zero point of its own. */
    boolean hasZeros() {
        return zeros;
    }

    @Override
    public int code(int row, int column) {
        int inside = column % CHUNK;
        byte both = codes.get(JAVA_BYTE, chunkAt(row, column / CHUNK) + inside % 16 / 4 * QUADS + inside % 4);
        return both >> inside / 16 * 4 & 15;
    }

    @Override
    public void codes(int row, int first, int end, MemorySegment target, long at) {
        long from = chunkAt(row, first / CHUNK);
        for (int done = 0; done < end - first; done += CHUNK) {
            for (int half = 0; half < 2; half++) {
                long both = codes.get(INT, from + 2L * half * QUADS) & 0xffffffffL
                        | (long) codes.get(INT, from + (2L * half + 1) * QUADS) << 32;
                target.set(LONG, at + done + 8 * half, both & LOW_HALVES);
                target.set(LONG, at + done + 16 + 8 * half, both >>> 4 & LOW_HALVES);
            }
            from += CHUNK_BYTES;
        }
    }

    @Override
    public float scale(int row, int group) {
        return type.read(matrix.plane(1), 2 * valueAt(row, group));
    }

    @Override
    public int zero(int row, int group) {
        return zeros ? matrix.plane(2).get(JAVA_BYTE, valueAt(row, group)) : minima ? 0 : SYMMETRIC_ZERO;
    }

    @Override
    public boolean hasMinimum() {
        return minima;
    }

    @Override
    public float minimum(int row, int group) {
        return minima ? ScaleType.F16.read(matrix.plane(2), 2 * valueAt(row, group)) : 0;
    }

    /** Stores all numbers of a matrix of the same shape and groups. */
    void store(IntegerRows source) {
        if (source.hasMinimum() != minima) {
            throw Repacking.minimaAndZeros();
        }
        if (shape.rows() % ROWS != 0) {
            clearLastPanel();
        }
        int whole = Math.ceilDiv(shape.columns(), CHUNK) * CHUNK;
        try (Arena arena = Arena.ofConfined()) {
            // Codes of a row may be followed by up to 31 bytes that are not meant.
            MemorySegment row = arena.allocate(whole + CHUNK, Long.BYTES);
            for (int i = 0; i < shape.rows(); i++) {
                source.codes(i, 0, shape.columns(), row, 0);
                row.asSlice(shape.columns()).fill((byte) 0);
                storeCodes(i, row, whole / CHUNK);
                for (int group = 0; group < groups; group++) {
                    storeGroup(i, group, source);
                }
            }
        }
    }

    private void clearLastPanel() {
        int panel = shape.rows() / ROWS;
        for (int i = 0; i < matrix.planes().size(); i++) {
            long stride = matrix.layout().planes().get(i).stride(shape.columns());
            matrix.plane(i).asSlice(panel * stride, stride).fill((byte) 0);
        }
    }

    private void storeCodes(int index, MemorySegment row, int chunks) {
        long to = chunkAt(index, 0);
        for (int chunk = 0; chunk < chunks; chunk++) {
            for (int half = 0; half < 2; half++) {
                long at = (long) chunk * CHUNK + 8 * half;
                long both = row.get(LONG, at) | row.get(LONG, at + 16) << 4;
                codes.set(INT, to + 2L * half * QUADS, (int) both);
                codes.set(INT, to + (2L * half + 1) * QUADS, (int) (both >>> 32));
            }
            to += CHUNK_BYTES;
        }
    }

    private void storeGroup(int row, int group, IntegerRows source) {
        long at = valueAt(row, group);
        type.write(matrix.plane(1), 2 * at, Repacking.exact(type, source.scale(row, group), row));
        if (minima) {
            ScaleType.F16.write(matrix.plane(2), 2 * at, source.minimum(row, group));
        } else if (zeros) {
            matrix.plane(2).set(JAVA_BYTE, at, (byte) source.zero(row, group));
        }
    }
}
