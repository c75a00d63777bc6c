package org.alcove.experiments.integerscales;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;

/** A small GGUF file of F32 and F16 tensors, read whole; just enough to write it again with other values. */
final class GgufFile {

    private static final int F32 = 0;
    private static final int F16 = 1;
    private static final int ALIGNMENT = 32;
    private static final int TEXT = 8;
    private static final int ARRAY = 9;
    /** Bytes of the values of each type of key; those of texts and arrays are said before them. */
    private static final int[] SIZES = {1, 1, 2, 2, 4, 4, 4, 1, 0, 0, 8, 8, 8};

    private final ByteBuffer file;
    /** Where the table of tensors begins: all before it is copied. */
    private final int table;
    private final int data;
    private final List<Tensor> tensors = new ArrayList<>();

    /** Dimensions as in the file: columns first. */
    record Tensor(String name, long[] dimensions, int type, long offset) {

        int weights() {
            long product = 1;
            for (long dimension : dimensions) {
                product *= dimension;
            }
            return Math.toIntExact(product);
        }
    }

    GgufFile(Path path) throws IOException {
        file = ByteBuffer.wrap(Files.readAllBytes(path)).order(ByteOrder.LITTLE_ENDIAN);
        if (file.limit() < 24 || file.getInt() != 0x46554747 || file.getInt() != 3) {
            throw new IOException(path + " is no GGUF file of version 3");
        }
        long count = file.getLong();
        for (long keys = file.getLong(); keys > 0; keys--) {
            String key = text();
            int type = file.getInt();
            if (key.equals("general.alignment") && file.getInt(file.position()) != ALIGNMENT) {
                throw new IOException(path + " is aligned by " + file.getInt(file.position()) + "; only " + ALIGNMENT
                        + " is known here");
            }
            skip(type);
        }
        table = file.position();
        for (long i = 0; i < count; i++) {
            String name = text();
            long[] dimensions = new long[file.getInt()];
            for (int d = 0; d < dimensions.length; d++) {
                dimensions[d] = file.getLong();
            }
            tensors.add(new Tensor(name, dimensions, file.getInt(), file.getLong()));
        }
        data = aligned(file.position());
    }

    private String text() {
        byte[] bytes = new byte[Math.toIntExact(file.getLong())];
        file.get(bytes);
        return new String(bytes, StandardCharsets.UTF_8);
    }

    private void skip(int type) {
        if (type == TEXT) {
            text();
        } else if (type == ARRAY) {
            int elements = file.getInt();
            for (long left = file.getLong(); left > 0; left--) {
                skip(elements);
            }
        } else {
            file.position(file.position() + SIZES[type]);
        }
    }

    private static int aligned(int position) {
        return (position + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT;
    }

    List<Tensor> tensors() {
        return List.copyOf(tensors);
    }

    float[] values(Tensor tensor) {
        int at = Math.toIntExact(data + tensor.offset());
        float[] values = new float[tensor.weights()];
        for (int i = 0; i < values.length; i++) {
            values[i] = switch (tensor.type()) {
                case F32 -> file.getFloat(at + 4 * i);
                case F16 -> Float.float16ToFloat(file.getShort(at + 2 * i));
                default -> throw new IllegalArgumentException(tensor.name() + " has type " + tensor.type()
                        + "; convert it to F32 or F16 first");
            };
        }
        return values;
    }

    /** Writes the file again with all tensors in F32, so that every value is kept: those of the map, the others as they were. */
    void write(Path path, Map<String, float[]> changed) throws IOException {
        long bytes = 0;
        for (Tensor tensor : tensors) {
            bytes += 64 + 8 * tensor.dimensions().length + tensor.name().length() + 4L * tensor.weights();
        }
        ByteBuffer out = ByteBuffer.allocate(Math.toIntExact(table + bytes + 2 * ALIGNMENT)).order(ByteOrder.LITTLE_ENDIAN);
        out.put(file.array(), 0, table);
        int offset = 0;
        for (Tensor tensor : tensors) {
            byte[] name = tensor.name().getBytes(StandardCharsets.UTF_8);
            out.putLong(name.length).put(name).putInt(tensor.dimensions().length);
            for (long dimension : tensor.dimensions()) {
                out.putLong(dimension);
            }
            out.putInt(F32).putLong(offset);
            offset += aligned(4 * tensor.weights());
        }
        for (Tensor tensor : tensors) {
            out.position(aligned(out.position()));
            for (float value : changed.getOrDefault(tensor.name(), values(tensor))) {
                out.putFloat(value);
            }
        }
        out.position(aligned(out.position()));
        Files.write(path, Arrays.copyOf(out.array(), out.position()));
    }
}
