package org.alcove.engine;

import java.util.Arrays;
import java.util.stream.Collectors;

/** How the cache keeps keys and values: {@code docs/numerics.md} section 7. The ordinal is known to the native code. */
public enum KvType {

    /** As they are computed. */
    F32("f32", 4),
    /** Rounded to binary16: half the memory. */
    F16("f16", 2),
    /** Eight bits and a scale for each position of a head: a quarter of the memory and a little. */
    INT8("int8", 1);

    private final String label;
    private final int bytes;

    KvType(String label, int bytes) {
        this.label = label;
        this.bytes = bytes;
    }

    /** Name in configurations and fingerprints. */
    public String label() {
        return label;
    }

    /** Bytes of a number, the scale aside. */
    public int bytes() {
        return bytes;
    }

    /**
     * The type of that name.
     *
     * @throws IllegalArgumentException if there is none; names those there are
     */
    public static KvType of(String label) {
        for (KvType type : values()) {
            if (type.label.equals(label)) {
                return type;
            }
        }
        throw new IllegalArgumentException("keys and values cannot be kept as \"" + label + "\"; these are known: "
                + Arrays.stream(values()).map(KvType::label).collect(Collectors.joining(", ")));
    }
}
