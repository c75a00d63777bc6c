package org.alcove.weights.gguf;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import org.alcove.api.kernel.MatrixShape;
import org.alcove.api.kernel.PackedLayout;

/**
 * The header of a GGUF file to be written (version 3), and where each tensor lies in it. Tensors follow each other in the order
 * given, each aligned to {@value #ALIGNMENT} bytes.
 *
 * @param bytes the header, padded to the alignment
 * @param offsets first byte of each tensor, from the start of the file
 * @param size bytes of the whole file
 */
public record GgufHeader(byte[] bytes, List<Long> offsets, long size) {

    /** What the format takes where a file says nothing else. */
    public static final int ALIGNMENT = 32;

    private static final int MAGIC = 0x46554747;
    private static final int VERSION = 3;

    /**
     * A tensor to be written.
     *
     * @param name GGUF name
     * @param layout one that has a GGUF type
     * @param shape rows by columns
     * @param vector whether it has one dimension
     */
    public record Entry(String name, PackedLayout layout, MatrixShape shape, boolean vector) {
    }

    /** Lays out a file. */
    public static GgufHeader of(Collection<GgufKey> keys, List<Entry> tensors) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.writeBytes(buffer(24).putInt(MAGIC).putInt(VERSION).putLong(tensors.size()).putLong(keys.size()).array());
        for (GgufKey key : keys) {
            writeText(out, key.name());
            out.writeBytes(key.encoded());
        }
        List<Long> offsets = new ArrayList<>();
        long next = 0;
        for (Entry tensor : tensors) {
            offsets.add(next);
            writeEntry(out, tensor, next);
            next = aligned(next + tensor.layout().bytes(tensor.shape()));
        }
        long dataStart = aligned(out.size());
        out.writeBytes(new byte[(int) (dataStart - out.size())]);
        return new GgufHeader(out.toByteArray(), offsets.stream().map(offset -> dataStart + offset).toList(), dataStart + next);
    }

    private static void writeEntry(ByteArrayOutputStream out, Entry tensor, long offset) {
        writeText(out, tensor.name());
        if (tensor.vector()) {
            out.writeBytes(buffer(12).putInt(1).putLong(tensor.shape().size()).array());
        } else {
            out.writeBytes(buffer(20).putInt(2).putLong(tensor.shape().columns()).putLong(tensor.shape().rows()).array());
        }
        out.writeBytes(buffer(12).putInt(GgufType.of(tensor.layout()).id()).putLong(offset).array());
    }

    private static void writeText(ByteArrayOutputStream out, String text) {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        out.writeBytes(buffer(8).putLong(bytes.length).array());
        out.writeBytes(bytes);
    }

    private static long aligned(long position) {
        return Math.ceilDiv(position, ALIGNMENT) * ALIGNMENT;
    }

    private static ByteBuffer buffer(int bytes) {
        return ByteBuffer.allocate(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }
}
