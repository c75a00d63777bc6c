package org.alcove.weights.huggingface;

import java.util.Optional;
import org.alcove.api.kernel.PackedLayout;
import org.alcove.weights.checkpoint.Layouts;

/** Types of safetensors: bytes of a value, and the layout of those that are multiplied here. */
enum SafetensorsType {
    F64(8), F32(4, Layouts.F32), F16(2, Layouts.F16), BF16(2, Layouts.BF16), I64(8), I32(4), I16(2), I8(1), U64(8), U32(4),
    U16(2), U8(1), BOOL(1), F8_E4M3(1), F8_E5M2(1);

    private final int bytes;
    private final Optional<PackedLayout> layout;

    SafetensorsType(int bytes) {
        this(bytes, null);
    }

    SafetensorsType(int bytes, PackedLayout layout) {
        this.bytes = bytes;
        this.layout = Optional.ofNullable(layout);
    }

    static Optional<SafetensorsType> of(String name) {
        for (SafetensorsType type : values()) {
            if (type.name().equals(name)) {
                return Optional.of(type);
            }
        }
        return Optional.empty();
    }

    int bytes() {
        return bytes;
    }

    Optional<PackedLayout> layout() {
        return layout;
    }
}
