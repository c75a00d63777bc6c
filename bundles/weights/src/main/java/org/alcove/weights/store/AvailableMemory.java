package org.alcove.weights.store;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** How much memory can still be used without others giving up theirs. */
final class AvailableMemory {

    private static final Path MEMORY = Path.of("/proc/meminfo");
    private static final Path LIMIT = Path.of("/sys/fs/cgroup/memory.max");

    private AvailableMemory() {
    }

    /** Bytes, those of the page cache that can be dropped included, and no more than half of what the container may use. */
    static long bytes() {
        try {
            long available = 0;
            for (String line : Files.readAllLines(MEMORY)) {
                if (line.startsWith("MemAvailable:")) {
                    available = Long.parseLong(line.replaceAll("[^0-9]", "")) << 10;
                }
            }
            String limit = Files.exists(LIMIT) ? Files.readString(LIMIT).strip() : "max";
            return limit.equals("max") ? available : Math.min(available, Long.parseLong(limit) / 2);
        } catch (IOException | NumberFormatException e) {
            return 0;
        }
    }
}
