package org.alcove.weights.quantize;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The header of a safetensors file to be written, and where each tensor lies in it. Tensors of wide types go first, so that every
 * value is aligned to its size; there are no gaps. The header is padded with spaces to a multiple of 8.
 *
 * @param bytes length (u64) and JSON
 * @param offsets first byte of each tensor by name, from the start of the file
 * @param size bytes of the whole file
 */
record SafetensorsHeader(byte[] bytes, Map<String, Long> offsets, long size) {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final int ALIGNMENT = 8;

    /**
     * A tensor to be written.
     *
     * @param type as safetensors spells it
     * @param typeBytes bytes of a value
     * @param shape slowest dimension first
     */
    record Entry(String name, String type, int typeBytes, List<Long> shape) {

        long bytes() {
            return shape.stream().reduce((long) typeBytes, (a, b) -> a * b);
        }
    }

    /** Lays out a file. */
    static SafetensorsHeader of(List<Entry> entries) {
        List<Entry> sorted = new ArrayList<>(entries);
        sorted.sort(Comparator.comparingInt(Entry::typeBytes).reversed());
        ObjectNode root = JSON.createObjectNode();
        root.putObject("__metadata__").put("format", "pt");
        Map<String, Long> starts = new LinkedHashMap<>();
        long next = 0;
        for (Entry entry : sorted) {
            ObjectNode node = root.putObject(entry.name()).put("dtype", entry.type());
            entry.shape().forEach(node.putArray("shape")::add);
            node.putArray("data_offsets").add(next).add(next + entry.bytes());
            starts.put(entry.name(), next);
            next += entry.bytes();
        }
        byte[] text = root.toString().getBytes(StandardCharsets.UTF_8);
        int padded = Math.ceilDiv(text.length, ALIGNMENT) * ALIGNMENT;
        ByteBuffer header = ByteBuffer.allocate(8 + padded).order(ByteOrder.LITTLE_ENDIAN).putLong(padded).put(text);
        while (header.hasRemaining()) {
            header.put((byte) ' ');
        }
        starts.replaceAll((name, start) -> header.capacity() + start);
        return new SafetensorsHeader(header.array(), starts, header.capacity() + next);
    }
}
