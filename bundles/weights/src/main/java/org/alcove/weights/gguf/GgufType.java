package org.alcove.weights.gguf;

import java.util.Optional;
import org.alcove.api.kernel.PackedLayout;
import org.alcove.weights.checkpoint.Layouts;

/** Tensor types of GGUF: id, columns and bytes of a block, and the layout of those that are multiplied here. */
enum GgufType {
    F32(0, 1, 4, Layouts.F32),
    F16(1, 1, 2, Layouts.F16),
    Q4_0(2, 32, 18, Layouts.Q4_0),
    Q4_1(3, 32, 20, Layouts.Q4_1),
    Q5_0(6, 32, 22, Layouts.blocks("q5_0", "q5_0", 32, 32, 22)),
    Q5_1(7, 32, 24, Layouts.blocks("q5_1", "q5_1", 32, 32, 24)),
    Q8_0(8, 32, 34, Layouts.Q8_0),
    Q8_1(9, 32, 36),
    Q2_K(10, 256, 84),
    Q3_K(11, 256, 110),
    Q4_K(12, 256, 144, Layouts.blocks("q4_k", "q4_k", 32, 256, 144)),
    Q5_K(13, 256, 176, Layouts.blocks("q5_k", "q5_k", 32, 256, 176)),
    Q6_K(14, 256, 210, Layouts.blocks("q6_k", "q6_k", 16, 256, 210)),
    Q8_K(15, 256, 292),
    IQ2_XXS(16, 256, 66),
    IQ2_XS(17, 256, 74),
    IQ3_XXS(18, 256, 98),
    IQ1_S(19, 256, 50),
    IQ4_NL(20, 32, 18),
    IQ3_S(21, 256, 110),
    IQ2_S(22, 256, 82),
    IQ4_XS(23, 256, 136),
    I8(24, 1, 1),
    I16(25, 1, 2),
    I32(26, 1, 4),
    I64(27, 1, 8),
    F64(28, 1, 8),
    IQ1_M(29, 256, 56),
    BF16(30, 1, 2, Layouts.BF16),
    TQ1_0(34, 256, 54),
    TQ2_0(35, 256, 66),
    MXFP4(39, 32, 17),
    NVFP4(40, 64, 36);

    private final int id;
    private final int blockColumns;
    private final int blockBytes;
    private final Optional<PackedLayout> layout;

    GgufType(int id, int blockColumns, int blockBytes) {
        this(id, blockColumns, blockBytes, null);
    }

    GgufType(int id, int blockColumns, int blockBytes, PackedLayout layout) {
        this.id = id;
        this.blockColumns = blockColumns;
        this.blockBytes = blockBytes;
        this.layout = Optional.ofNullable(layout);
    }

    static Optional<GgufType> of(int id) {
        for (GgufType type : values()) {
            if (type.id == id) {
                return Optional.of(type);
            }
        }
        return Optional.empty();
    }

    /** The type whose tensors have this layout. */
    static GgufType of(PackedLayout layout) {
        for (GgufType type : values()) {
            if (type.layout.isPresent() && type.layout.get().equals(layout)) {
                return type;
            }
        }
        throw new IllegalArgumentException("GGUF has no type for layout " + layout.name() + ", group " + layout.groupSize());
    }

    int id() {
        return id;
    }

    int blockColumns() {
        return blockColumns;
    }

    int blockBytes() {
        return blockBytes;
    }

    Optional<PackedLayout> layout() {
        return layout;
    }
}
