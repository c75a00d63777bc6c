package org.alcove.weights.sample;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Writes GGUF files for tests, right and wrong ones. */
public final class GgufSample {

    private final Bytes keys = new Bytes();
    private final Bytes infos = new Bytes();
    private final Bytes data = new Bytes();
    private final List<Long> counts = new ArrayList<>();
    private String magic = "GGUF";
    private int version = 3;
    private int alignment = 32;
    private long keyCount;
    private long tensorCount;

    /** A file that says it is of an architecture. */
    public static GgufSample of(String architecture) {
        return new GgufSample().key("general.architecture", architecture);
    }

    public GgufSample magic(String value) {
        magic = value;
        return this;
    }

    public GgufSample version(int value) {
        version = value;
        return this;
    }

    /** Aligns the data; adds no key. */
    public GgufSample alignment(int value) {
        alignment = value;
        return this;
    }

    /** Lies about the numbers of tensors and keys. */
    public GgufSample counts(long tensors, long entries) {
        counts.add(tensors);
        counts.add(entries);
        return this;
    }

    public GgufSample key(String name, Object value) {
        return switch (value) {
            case String text -> raw(name, 8, new Bytes().text(text));
            case Boolean flag -> raw(name, 7, new Bytes().int8(flag ? 1 : 0));
            case Short number -> raw(name, 2, new Bytes().int16(number));
            case Integer number -> raw(name, 4, new Bytes().int32(number));
            case Long number -> raw(name, 10, new Bytes().int64(number));
            case Float number -> raw(name, 6, new Bytes().int32(Float.floatToIntBits(number)));
            case Double number -> raw(name, 12, new Bytes().int64(Double.doubleToLongBits(number)));
            case String[] texts -> {
                Bytes bytes = new Bytes().int32(8).int64(texts.length);
                for (String text : texts) {
                    bytes.text(text);
                }
                yield raw(name, 9, bytes);
            }
            case int[] numbers -> {
                Bytes bytes = new Bytes().int32(5).int64(numbers.length);
                for (int number : numbers) {
                    bytes.int32(number);
                }
                yield raw(name, 9, bytes);
            }
            default -> throw new IllegalArgumentException(value.getClass().getName());
        };
    }

    /** A key with any type and any bytes for a value. */
    public GgufSample raw(String name, int type, Bytes value) {
        keys.text(name).int32(type).bytes(value.array());
        keyCount++;
        return this;
    }

    /** A tensor with its data behind those before it. */
    public GgufSample tensor(String name, int type, byte[] bytes, long... dimensions) {
        data.pad(alignment);
        info(name, type, data.size(), dimensions);
        data.bytes(bytes);
        return this;
    }

    /** A float32 tensor whose values are 0, 1, 2 … divided by 8. */
    public GgufSample floats(String name, long... dimensions) {
        int count = 1;
        for (long dimension : dimensions) {
            count *= (int) dimension;
        }
        Bytes bytes = new Bytes();
        for (int i = 0; i < count; i++) {
            bytes.int32(Float.floatToIntBits(i / 8f));
        }
        return tensor(name, 0, bytes.array(), dimensions);
    }

    /** An entry of the tensor table, without data. */
    public GgufSample info(String name, int type, long offset, long... dimensions) {
        infos.text(name).int32(dimensions.length);
        for (long dimension : dimensions) {
            infos.int64(dimension);
        }
        infos.int32(type).int64(offset);
        tensorCount++;
        return this;
    }

    public byte[] bytes() {
        Bytes file = new Bytes().bytes(magic.getBytes(StandardCharsets.ISO_8859_1)).int32(version)
                .int64(counts.isEmpty() ? tensorCount : counts.get(0)).int64(counts.isEmpty() ? keyCount : counts.get(1))
                .bytes(keys.array()).bytes(infos.array());
        return (tensorCount > 0 ? file.pad(alignment) : file).bytes(data.array()).array();
    }

    public Path write(Path file) throws IOException {
        return Files.write(file, bytes());
    }

    /** Little-endian bytes that grow. */
    public static final class Bytes {

        private final ByteArrayOutputStream out = new ByteArrayOutputStream();

        public Bytes int8(int value) {
            out.write(value);
            return this;
        }

        public Bytes int16(int value) {
            return int8(value).int8(value >> 8);
        }

        public Bytes int32(int value) {
            return bytes(ByteBuffer.allocate(4).order(ByteOrder.LITTLE_ENDIAN).putInt(value).array());
        }

        public Bytes int64(long value) {
            return bytes(ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN).putLong(value).array());
        }

        public Bytes text(String value) {
            byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
            return int64(utf8.length).bytes(utf8);
        }

        public Bytes bytes(byte[] values) {
            out.writeBytes(values);
            return this;
        }

        public Bytes pad(int alignment) {
            while (out.size() % alignment != 0) {
                out.write(0);
            }
            return this;
        }

        public void clear() {
            out.reset();
        }

        public int size() {
            return out.size();
        }

        public byte[] array() {
            return out.toByteArray();
        }
    }
}
