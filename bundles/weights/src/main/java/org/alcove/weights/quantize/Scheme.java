package org.alcove.weights.quantize;

import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.alcove.api.control.Quantizer;
import org.alcove.api.kernel.PackedLayout;
import org.alcove.weights.checkpoint.Layouts;

/** Schemes that can be asked for, and the layouts they have in each container. */
enum Scheme {
    SYM_INT4("sym_int4", 2), ASYM_INT4("asym_int4", 3), SYM_INT8("sym_int8", 7);

    private static final List<Integer> GROUPS = List.of(32, 64, 128, 256, 512, 1024, PackedLayout.CHANNEL);

    private final String word;
    private final int ggufFileType;

    Scheme(String word, int ggufFileType) {
        this.word = word;
        this.ggufFileType = ggufFileType;
    }

    /**
     * The scheme an order asks for.
     *
     * @throws IllegalArgumentException if there is none, or the container cannot hold it; says what can be had
     */
    static Scheme of(Quantizer.Order order) {
        Scheme scheme = Arrays.stream(values()).filter(candidate -> candidate.word.equals(order.scheme())).findFirst()
                .orElseThrow(() -> new IllegalArgumentException("scheme '" + order.scheme() + "' is not known; choose one of "
                        + Arrays.stream(values()).map(candidate -> candidate.word).collect(Collectors.joining(", "))));
        if (!GROUPS.contains(order.groupSize())) {
            throw new IllegalArgumentException("group size " + order.groupSize()
                    + " is not supported; choose 32, 64, 128, 256, 512, 1024 or channel");
        }
        if (order.container() == Quantizer.Container.GGUF && order.groupSize() != 32) {
            throw new IllegalArgumentException("GGUF holds groups of 32 only, not " + group(order.groupSize())
                    + "; choose --group-size 32 or --format hf");
        }
        if (order.container() == Quantizer.Container.HF && scheme == SYM_INT8) {
            throw new IllegalArgumentException("sym_int8 is written as GGUF only; choose --format gguf or a 4-bit scheme");
        }
        return scheme;
    }

    /** Layout of a matrix in a container. */
    PackedLayout layout(Quantizer.Container container, int groupSize) {
        if (container == Quantizer.Container.HF) {
            return Layouts.packQuantized(this == SYM_INT4, groupSize, Layouts.F16);
        }
        return switch (this) {
            case SYM_INT4 -> Layouts.Q4_0;
            case ASYM_INT4 -> Layouts.Q4_1;
            case SYM_INT8 -> Layouts.Q8_0;
        };
    }

    /** Value of {@code general.file_type} for a file that is mostly of this scheme. */
    int ggufFileType() {
        return ggufFileType;
    }

    /** The group size in words. */
    static String group(int size) {
        return size == PackedLayout.CHANNEL ? "channel" : Integer.toString(size);
    }

    /** Why a matrix of that many columns cannot have this layout, if so. */
    static Optional<String> obstacle(PackedLayout layout, int columns) {
        int group = layout.groupColumns(columns);
        if (columns % group != 0) {
            return Optional.of("stays as it is: " + columns + " columns are no multiple of " + group);
        }
        return columns % 8 == 0 ? Optional.empty() : Optional.of("stays as it is: " + columns + " columns are no multiple of 8");
    }
}
