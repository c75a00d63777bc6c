package org.alcove.worker;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** Tells how much of mapped files is in memory, from Linux' list of the process's mappings. */
final class ResidentPages {

    private static final int KIBIBYTE = 1024;
    private static final String SIZE = "rss:";

    private ResidentPages() {
    }

    /**
     * Bytes in memory of a mapped file, or of the mapped files of a folder; 0 where the system does not tell.
     *
     * @param maps the list; {@code /proc/self/smaps}
     */
    static long of(Path model, Path maps) {
        try {
            String path = model.toRealPath().toString();
            long bytes = 0;
            boolean ours = false;
            for (String line : Files.readAllLines(maps, StandardCharsets.ISO_8859_1)) {
                String lower = line.toLowerCase(Locale.ROOT);
                if (lower.startsWith(SIZE)) {
                    bytes += ours ? KIBIBYTE * Long.parseLong(lower.substring(SIZE.length()).replace("kb", "").strip()) : 0;
                } else if (line.matches("[0-9a-f]+-[0-9a-f]+ .*")) {
                    int name = line.indexOf('/');
                    ours = name >= 0 && isOf(model, path, new String(line.substring(name).getBytes(StandardCharsets.ISO_8859_1),
                            StandardCharsets.UTF_8));
                }
            }
            return bytes;
        } catch (IOException | NumberFormatException e) {
            return 0;
        }
    }

    private static boolean isOf(Path model, String path, String mapped) {
        return Files.isDirectory(model) ? mapped.startsWith(path + "/") : mapped.equals(path);
    }
}
