package org.alcove.connect.offer;

import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** API keys that servers want: a file with one key for all of them, or with lines of an address and its key. */
final class ServerKeys {

    private static final int MOST_BYTES = 1 << 16;

    private ServerKeys() {
    }

    /**
     * Reads them.
     *
     * @return by server; without those that no line names
     * @throws IOException if the file cannot be read or makes no sense; the message holds no key
     */
    static Map<URI, String> read(Optional<Path> file, List<URI> servers) throws IOException {
        Map<URI, String> keys = new HashMap<>();
        if (file.isEmpty()) {
            return keys;
        }
        if (!Files.isReadable(file.get()) || Files.size(file.get()) > MOST_BYTES) {
            throw new IOException(file.get() + " cannot be read, or has more than " + MOST_BYTES
                    + " bytes; give a file with the API key that the server wants");
        }
        List<String> lines = Files.readAllLines(file.get()).stream().map(String::strip)
                .filter(line -> !line.isEmpty() && !line.startsWith("#")).toList();
        if (lines.size() == 1 && lines.getFirst().split("\\s+").length == 1) {
            servers.forEach(server -> keys.put(server, lines.getFirst()));
            return keys;
        }
        for (int i = 0; i < lines.size(); i++) {
            String[] words = lines.get(i).split("\\s+");
            URI server = servers.stream().filter(each -> each.toString().equals(words[0])).findFirst().orElse(null);
            if (words.length != 2 || server == null || keys.put(server, words[1]) != null) {
                throw new IOException(file.get() + ", key " + (i + 1) + " of " + lines.size() + ": give one key for all servers,"
                        + " or lines of an address and its key, each address once and one of " + servers);
            }
        }
        return keys;
    }
}
