package org.alcove.kernel.integer;

import org.alcove.api.kernel.PackedLayout;

/**
 * How prepared activations lie in memory. Tokens lie one after the other, {@link #stride()} bytes each; within a token:
 *
 * <table>
 * <caption>Bytes of one token; {@code n} columns in {@code g} groups; every part begins at a multiple of 64</caption>
 * <tr><th>from</th><th>type</th><th>holds</th></tr>
 * <tr><td>0</td><td>int8[n]</td><td>{@code q} of every column, then zeros up to a multiple of 64</td></tr>
 * <tr><td>{@link #scales}</td><td>float32[g]</td><td>{@code da} of every group; what follows up to a multiple of 64 is
 * unused</td></tr>
 * <tr><td>{@link #sums}</td><td>int32[g]</td><td>{@code sa} of every group; likewise</td></tr>
 * </table>
 *
 * <p>All values are little-endian. The zeros after the codes let a kernel read whole vectors past the last column, as long
 * as what it multiplies them by is finite, which an integer is.
 *
 * @param columns columns of the activations
 * @param group columns of a group, the last one excepted; {@code min(weight group, 128)}
 */
public record PreparedLayout(int columns, int group) {

    /** Columns of the largest group. */
    public static final int MAX_GROUP = 128;

    private static final int ALIGNMENT = 64;

    /** The layout that fits matrices of that packed layout and that many columns. */
    public static PreparedLayout of(PackedLayout packed, int columns) {
        return new PreparedLayout(columns, Math.min(packed.groupColumns(columns), MAX_GROUP));
    }

    /** Number of groups. */
    public int groups() {
        return Math.ceilDiv(columns, group);
    }

    /** First column of a group. */
    public int start(int index) {
        return index * group;
    }

    /** One past the last column of a group. */
    public int end(int index) {
        return Math.min(columns, (index + 1) * group);
    }

    /** Offset of the codes of a token. */
    public long codes(int token) {
        return token * stride();
    }

    /** Offset of the scales of a token. */
    public long scales(int token) {
        return codes(token) + aligned(columns);
    }

    /** Offset of the sums of a token. */
    public long sums(int token) {
        return scales(token) + aligned(4L * groups());
    }

    /** Bytes from one token to the next. */
    public long stride() {
        return stride(columns, group);
    }

    /** {@link #stride()} of the layout that fits, which is not made: it is asked for several times a layer. */
    static long stride(PackedLayout packed, int columns) {
        return stride(columns, Math.min(packed.groupColumns(columns), MAX_GROUP));
    }

    private static long stride(int columns, int group) {
        return aligned(columns) + 2 * aligned(4L * Math.ceilDiv(columns, group));
    }

    /** Bytes of the padding after the codes of a token. */
    public int padding() {
        return (int) (aligned(columns) - columns);
    }

    private static long aligned(long bytes) {
        return (bytes + ALIGNMENT - 1) & -ALIGNMENT;
    }
}
