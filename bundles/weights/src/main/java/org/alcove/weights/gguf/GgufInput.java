package org.alcove.weights.gguf;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.channels.FileChannel;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.alcove.weights.ModelFormatException;

/**
 * Reads a header front to back. Every length is compared with what is left of the file before memory is taken for it, and a
 * header has a limit, so that neither a small lying file nor a large one can take much memory.
 */
final class GgufInput {

    /** Most bytes of a header. Vocabularies of 260 000 tokens with merges and a tokenizer.json inside stay under 60 MiB. */
    static final long HEADER_LIMIT = 128L << 20;

    private final Path file;
    private final FileChannel channel;
    private final long size;
    private final ByteBuffer buffer = ByteBuffer.allocate(1 << 16).order(ByteOrder.LITTLE_ENDIAN).limit(0);
    private long position;
    private String context = "the header";

    GgufInput(Path file, FileChannel channel) throws IOException {
        this.file = file;
        this.channel = channel;
        this.size = channel.size();
    }

    /** Names what is being read, for messages. */
    void at(String what) {
        context = what;
    }

    long size() {
        return size;
    }

    long position() {
        return position;
    }

    /** Bytes that may still be read. */
    long remaining() {
        return Math.min(size, HEADER_LIMIT) - position;
    }

    ModelFormatException error(String what) {
        return new ModelFormatException(file + ": " + context + ": " + what);
    }

    int int32() throws IOException {
        return fill(4).getInt();
    }

    long int64() throws IOException {
        return fill(8).getLong();
    }

    /** A length or count: unsigned 64 bits, at most {@code limit}. */
    long count(String of, long limit) throws IOException {
        long count = int64();
        if (count < 0 || count > limit) {
            throw error(Long.toUnsignedString(count) + " " + of + ", but at most " + limit + " are possible here");
        }
        return count;
    }

    /** A text that must be valid UTF-8, for names. */
    String name(int limit) throws IOException {
        byte[] bytes = string();
        if (bytes.length == 0 || bytes.length > limit) {
            throw error("a name of " + bytes.length + " bytes, but 1 to " + limit + " are allowed");
        }
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
        } catch (CharacterCodingException e) {
            throw error("a name that is not UTF-8");
        }
    }

    /** A text; malformed bytes are replaced. */
    String text() throws IOException {
        byte[] bytes = string();
        return bytes.length == 0 ? "" : new String(bytes, StandardCharsets.UTF_8);
    }

    byte[] bytes(long length) throws IOException {
        need(length);
        byte[] bytes = new byte[(int) length];
        int done = Math.min(buffer.remaining(), bytes.length);
        buffer.get(bytes, 0, done);
        ByteBuffer rest = ByteBuffer.wrap(bytes, done, bytes.length - done);
        while (rest.hasRemaining()) {
            readSome(rest, position + rest.position());
        }
        if (done < bytes.length) {
            buffer.limit(0);
        }
        position += length;
        return bytes;
    }

    private byte[] string() throws IOException {
        long length = int64();
        if (length < 0 || length > remaining()) {
            throw error("a text of " + Long.toUnsignedString(length) + " bytes, but only " + remaining() + " are left");
        }
        return bytes(length);
    }

    private ByteBuffer fill(int length) throws IOException {
        need(length);
        if (buffer.remaining() < length) {
            buffer.compact();
            while (buffer.position() < length) {
                readSome(buffer, position + buffer.position());
            }
            buffer.flip();
        }
        position += length;
        return buffer;
    }

    private void readSome(ByteBuffer target, long from) throws IOException {
        if (channel.read(target, from) <= 0) {
            throw error("the file became shorter while it was read");
        }
    }

    private void need(long bytes) throws ModelFormatException {
        if (bytes > size - position) {
            throw error("the file ends here: " + bytes + " bytes wanted, " + (size - position) + " left; it is truncated,"
                    + " fetch it again");
        }
        if (bytes > remaining()) {
            throw error("the header is longer than " + HEADER_LIMIT + " bytes, the most that is read");
        }
    }
}
