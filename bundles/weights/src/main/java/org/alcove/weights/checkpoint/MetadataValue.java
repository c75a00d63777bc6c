package org.alcove.weights.checkpoint;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.util.List;

/** Value of a key. Numeric arrays stay as the file's bytes, so that their memory is bounded by the file's size. */
public sealed interface MetadataValue {

    /** A text. */
    record Text(String value) implements MetadataValue {
    }

    /** An integer of any width; unsigned ones beyond the range of {@code long} are stored as its largest value. */
    record Whole(long value) implements MetadataValue {
    }

    /** A floating-point number. */
    record Real(double value) implements MetadataValue {
    }

    /** True or false. */
    record Flag(boolean value) implements MetadataValue {
    }

    /** An array of texts. */
    record Texts(List<String> values) implements MetadataValue {
    }

    /**
     * An array of numbers or flags.
     *
     * @param kind kind of each element
     * @param bytes elements, little-endian
     */
    record Numbers(NumberKind kind, byte[] bytes) implements MetadataValue {

        /** An array of 32-bit integers. */
        public static Numbers of(int... values) {
            ByteBuffer buffer = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
            for (int value : values) {
                buffer.putInt(value);
            }
            return new Numbers(NumberKind.INT32, buffer.array());
        }

        /** Number of elements. */
        public int size() {
            return bytes.length / kind.bytes();
        }

        long whole(int index) {
            return kind.whole(ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN), index * kind.bytes());
        }

        double real(int index) {
            return kind.real(ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN), index * kind.bytes());
        }
    }
}
