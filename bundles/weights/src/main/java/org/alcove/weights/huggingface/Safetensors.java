package org.alcove.weights.huggingface;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import java.io.CharConversionException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.alcove.weights.ModelFormatException;
import org.alcove.weights.checkpoint.Checkpoint;

/** Reads the header of a safetensors file, value by value: it is never in memory whole. */
final class Safetensors {

    private static final long MAX_HEADER = 100_000_000;
    private static final int MAX_DIMENSIONS = 8;

    private final Path file;
    private final long dataStart;
    private final long dataBytes;
    private final JsonParser json;
    private final List<Entry> entries = new ArrayList<>();

    private Safetensors(Path file, long headerBytes, long size, JsonParser json) {
        this.file = file;
        this.dataStart = 8 + headerBytes;
        this.dataBytes = size - dataStart;
        this.json = json;
    }

    /**
     * A tensor of a file.
     *
     * @param shape slowest dimension first
     * @param offset first byte, from the start of the file
     */
    record Entry(String name, SafetensorsType type, List<Long> shape, long offset, long bytes) {
    }

    /**
     * What a file says.
     *
     * @param bytes its size
     */
    record Header(Path file, long bytes, List<Entry> entries) {
    }

    static Header read(Path file) throws IOException {
        if (!Files.isRegularFile(file)) {
            throw new ModelFormatException(file + ": there is no such file");
        }
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            long size = channel.size();
            long header = headerBytes(file, channel, size);
            // The parser sees the header only: what follows are weights.
            try (InputStream in = new BoundedStream(Channels.newInputStream(channel.position(8)), header);
                    JsonParser json = JsonFiles.factory().createParser(in)) {
                Safetensors reader = new Safetensors(file, header, size, json);
                reader.readAll();
                return new Header(file, size, List.copyOf(reader.entries));
            } catch (JsonProcessingException | CharConversionException e) {
                throw JsonFiles.malformed(file, e);
            }
        }
    }

    private static long headerBytes(Path file, FileChannel channel, long size) throws IOException {
        ByteBuffer length = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
        while (size >= 8 && length.hasRemaining() && channel.read(length, length.position()) > 0) {
            continue;
        }
        if (length.hasRemaining()) {
            throw new ModelFormatException(file + ": it has " + size + " bytes, too few for a safetensors file");
        }
        long header = length.getLong(0);
        if (header < 2 || header > MAX_HEADER || header > size - 8) {
            throw new ModelFormatException(file + ": its header is said to have " + Long.toUnsignedString(header)
                    + " bytes, but 2 to " + Math.min(MAX_HEADER, size - 8) + " are possible; this is not a safetensors file,"
                    + " or it is truncated");
        }
        return header;
    }

    private void readAll() throws IOException {
        expect("the header", json.nextToken(), JsonToken.START_OBJECT);
        for (String name = json.nextFieldName(); name != null; name = json.nextFieldName()) {
            if (name.equals("__metadata__")) {
                expect(name, json.nextToken(), JsonToken.START_OBJECT);
                json.skipChildren();
                continue;
            }
            if (entries.size() == Checkpoint.MAX_TENSORS) {
                throw new ModelFormatException(file + ": it has more than " + Checkpoint.MAX_TENSORS + " tensors");
            }
            entries.add(entry(name));
        }
        expect("the header", json.currentToken(), JsonToken.END_OBJECT);
        expect("the header", json.nextToken(), null);
        checkGapFree();
    }

    private Entry entry(String name) throws IOException {
        expect(name, json.nextToken(), JsonToken.START_OBJECT);
        SafetensorsType type = null;
        List<Long> shape = null;
        List<Long> offsets = null;
        for (String key = json.nextFieldName(); key != null; key = json.nextFieldName()) {
            switch (key) {
                case "dtype" -> type = type(name);
                case "shape" -> shape = numbers(name, key, MAX_DIMENSIONS);
                case "data_offsets" -> offsets = numbers(name, key, 2);
                default -> throw error(name, "key " + key + " is not known");
            }
        }
        if (type == null || shape == null || offsets == null || offsets.size() != 2) {
            throw error(name, "it needs a dtype, a shape and two data_offsets");
        }
        return located(name, type, shape, offsets);
    }

    private Entry located(String name, SafetensorsType type, List<Long> shape, List<Long> offsets)
            throws ModelFormatException {
        long begin = offsets.get(0);
        long end = offsets.get(1);
        if (begin > end || end > dataBytes) {
            throw error(name, "its data_offsets " + begin + " to " + end + " lie outside the data of " + dataBytes
                    + " bytes; the file is truncated or damaged, fetch it again");
        }
        long bytes;
        try {
            bytes = type.bytes();
            for (long size : shape) {
                bytes = Math.multiplyExact(bytes, size);
            }
        } catch (ArithmeticException e) {
            throw error(name, "its shape " + shape + " is larger than any file");
        }
        if (bytes != end - begin) {
            throw error(name, "shape " + shape + " of " + type + " needs " + bytes + " bytes, its data_offsets give "
                    + (end - begin));
        }
        return new Entry(name, type, shape, dataStart + begin, bytes);
    }

    private SafetensorsType type(String name) throws IOException {
        expect(name, json.nextToken(), JsonToken.VALUE_STRING);
        String type = json.getText();
        return SafetensorsType.of(type).orElseThrow(() -> error(name, "dtype " + type + " is not known"));
    }

    private List<Long> numbers(String name, String key, int limit) throws IOException {
        expect(name, json.nextToken(), JsonToken.START_ARRAY);
        List<Long> numbers = new ArrayList<>();
        while (json.nextToken() != JsonToken.END_ARRAY) {
            expect(name, json.currentToken(), JsonToken.VALUE_NUMBER_INT);
            long number = json.getLongValue();
            if (number < 0 || numbers.size() == limit) {
                throw error(name, key + " must hold at most " + limit + " numbers, none below 0");
            }
            numbers.add(number);
        }
        return List.copyOf(numbers);
    }

    /** Holes could hide anything, and overlapping tensors would make a small file look large. */
    private void checkGapFree() throws ModelFormatException {
        List<Entry> sorted = new ArrayList<>(entries);
        sorted.sort(Comparator.comparingLong(Entry::offset).thenComparingLong(Entry::bytes));
        long end = dataStart;
        for (Entry entry : sorted) {
            if (entry.offset() != end) {
                throw error(entry.name(), "it begins at byte " + (entry.offset() - dataStart) + " of the data, but the one before"
                        + " it ends at " + (end - dataStart));
            }
            end += entry.bytes();
        }
        if (end != dataStart + dataBytes) {
            throw new ModelFormatException(file + ": its tensors end at byte " + end + ", the file at "
                    + (dataStart + dataBytes));
        }
    }

    private void expect(String name, JsonToken token, JsonToken wanted) throws ModelFormatException {
        if (token != wanted) {
            throw error(name, "the header is malformed: " + (wanted == null ? "nothing more" : wanted) + " wanted, not " + token);
        }
    }

    private ModelFormatException error(String name, String what) {
        return new ModelFormatException(file + ": tensor " + name + ": " + what);
    }
}
