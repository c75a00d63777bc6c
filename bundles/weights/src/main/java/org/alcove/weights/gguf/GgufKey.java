package org.alcove.weights.gguf;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * A key and its value as they stand in a header, so that a value can be copied without losing its exact type.
 *
 * @param name the key
 * @param encoded type (u32) and value, little-endian
 */
public record GgufKey(String name, byte[] encoded) {

    private static final int UINT32 = 4;
    private static final int INT32 = 5;
    private static final int FLOAT32 = 6;
    private static final int BOOL = 7;
    private static final int STRING = 8;
    private static final int ARRAY = 9;

    /** A key that holds a text. */
    public static GgufKey text(String name, String value) {
        byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
        return new GgufKey(name, buffer(12 + bytes.length).putInt(STRING).putLong(bytes.length).put(bytes).array());
    }

    /** A key that holds an unsigned 32-bit integer. */
    public static GgufKey uint32(String name, int value) {
        return new GgufKey(name, buffer(8).putInt(UINT32).putInt(value).array());
    }

    /** A key that holds a float32. */
    public static GgufKey float32(String name, float value) {
        return new GgufKey(name, buffer(8).putInt(FLOAT32).putFloat(value).array());
    }

    /** A key that holds true or false. */
    public static GgufKey flag(String name, boolean value) {
        return new GgufKey(name, buffer(5).putInt(BOOL).put((byte) (value ? 1 : 0)).array());
    }

    /** A key that holds an array of texts. */
    public static GgufKey texts(String name, List<String> values) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(buffer(16).putInt(ARRAY).putInt(STRING).putLong(values.size()).array());
        for (String value : values) {
            byte[] bytes = value.getBytes(StandardCharsets.UTF_8);
            out.writeBytes(buffer(8).putLong(bytes.length).array());
            out.writeBytes(bytes);
        }
        return new GgufKey(name, out.toByteArray());
    }

    /** A key that holds an array of signed 32-bit integers. */
    public static GgufKey int32s(String name, int... values) {
        ByteBuffer buffer = buffer(16 + 4 * values.length).putInt(ARRAY).putInt(INT32).putLong(values.length);
        for (int value : values) {
            buffer.putInt(value);
        }
        return new GgufKey(name, buffer.array());
    }

    /** A key that holds an array of float32. */
    public static GgufKey float32s(String name, float... values) {
        ByteBuffer buffer = buffer(16 + 4 * values.length).putInt(ARRAY).putInt(FLOAT32).putLong(values.length);
        for (float value : values) {
            buffer.putFloat(value);
        }
        return new GgufKey(name, buffer.array());
    }

    private static ByteBuffer buffer(int bytes) {
        return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }
}
