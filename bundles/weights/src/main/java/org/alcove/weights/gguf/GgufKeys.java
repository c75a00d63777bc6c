package org.alcove.weights.gguf;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.Map;

/** Reads the keys of a GGUF file as they stand there, for copying. */
public final class GgufKeys {

    private GgufKeys() {
    }

    /**
     * The keys of a file by name, in the order of the file.
     *
     * @throws org.alcove.weights.ModelFormatException if the header is damaged
     */
    public static Map<String, GgufKey> read(Path file) throws IOException {
        Map<String, GgufKey> keys = new LinkedHashMap<>();
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            GgufInput in = new GgufInput(file, channel);
            GgufReader.checkMagic(in);
            in.at("the number of tensors");
            in.count("tensors", GgufTensors.maxCount(in));
            in.at("the number of keys");
            long count = in.count("keys", GgufMetadata.maxCount(in));
            GgufMetadata values = new GgufMetadata(in);
            for (long i = 0; i < count; i++) {
                String name = in.name(GgufMetadata.MAX_KEY_BYTES);
                in.at("key " + name);
                long start = in.position();
                values.value(in.int32());
                keys.put(name, new GgufKey(name, bytes(channel, start, (int) (in.position() - start))));
            }
        }
        return keys;
    }

    private static byte[] bytes(FileChannel channel, long from, int length) throws IOException {
        ByteBuffer buffer = ByteBuffer.allocate(length);
        while (buffer.hasRemaining()) {
            if (channel.read(buffer, from + buffer.position()) < 0) {
                throw new IOException("the file became shorter while it was read");
            }
        }
        return buffer.array();
    }
}
