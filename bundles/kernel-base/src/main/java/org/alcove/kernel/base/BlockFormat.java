package org.alcove.kernel.base;

import java.util.Arrays;
import java.util.List;
import org.alcove.api.kernel.PackedLayout;
import org.alcove.api.kernel.Plane;

/**
 * Integer formats that lie in GGUF files as blocks of 32 or 256 consecutive weights of a row. A row that ends inside a block
 * stores the block whole.
 *
 * <table>
 * <caption>Bytes of a block; {@code d}, {@code m}, {@code dmin} are binary16</caption>
 * <tr><th>layout</th><th>weights</th><th>bytes</th><th>from: what</th></tr>
 * <tr><td>{@code q8_0}</td><td>32</td><td>34</td><td>0: d; 2: int8[32]</td></tr>
 * <tr><td>{@code q5_0}</td><td>32</td><td>22</td><td>0: d; 2: qh, int32; 6: qs[16]</td></tr>
 * <tr><td>{@code q5_1}</td><td>32</td><td>24</td><td>0: d; 2: m; 4: qh, int32; 8: qs[16]</td></tr>
 * <tr><td>{@code q4_k}</td><td>256</td><td>144</td><td>0: d; 2: dmin; 4: scales[12]; 16: qs[128]</td></tr>
 * <tr><td>{@code q5_k}</td><td>256</td><td>176</td><td>0: d; 2: dmin; 4: scales[12]; 16: qh[32]; 48: qs[128]</td></tr>
 * <tr><td>{@code q6_k}</td><td>256</td><td>210</td><td>0: ql[128]; 128: qh[64]; 192: int8 scales[16]; 208: d</td></tr>
 * </table>
 *
 * <p>Where the bits of a code lie is told by {@link Q5Rows}, {@link QkRows} and {@link Q6kRows}.
 */
enum BlockFormat {

    Q8_0("sym_int8", "q8_0", 32, 32, 34),
    Q5_0("q5_0", "q5_0", 32, 32, 22),
    Q5_1("q5_1", "q5_1", 32, 32, 24),
    Q4_K("q4_k", "q4_k", 32, 256, 144),
    Q5_K("q5_k", "q5_k", 32, 256, 176),
    Q6_K("q6_k", "q6_k", 16, 256, 210);

    private static final BlockFormat[] ALL = values();

    /** Weights of a block. */
    final int columns;
    /** Bytes of a block. */
    final int bytes;
    final PackedLayout layout;

    BlockFormat(String format, String name, int group, int columns, int bytes) {
        this.columns = columns;
        this.bytes = bytes;
        this.layout = PackedLayout.of(format, name, group, List.of(new Plane("blocks", 1, columns, bytes)));
    }

    /** The format of a layout. */
    static BlockFormat of(PackedLayout layout) {
        for (BlockFormat format : ALL) {
            if (format.layout.equals(layout)) {
                return format;
            }
        }
        throw new IllegalArgumentException("layout " + layout.name() + " of format " + layout.format()
                + " is none of the block layouts " + layouts() + "; choose a kernel of that format");
    }

    /** Layouts of all block formats. */
    static List<PackedLayout> layouts() {
        return Arrays.stream(values()).map(format -> format.layout).toList();
    }
}
