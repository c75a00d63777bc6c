package org.alcove.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;

/** What the processor can do, by the names Linux gives its features. */
final class Machine {

    private static final Path PROCESSOR = Path.of("/proc/cpuinfo");

    private Machine() {
    }

    /** Whether it has all of these features; false where the system does not say. */
    static boolean has(List<String> features) {
        return features.isEmpty() || flags().containsAll(features);
    }

    private static Set<String> flags() {
        if (!Files.isReadable(PROCESSOR)) {
            return Set.of();
        }
        try (var lines = Files.lines(PROCESSOR)) {
            return lines.filter(line -> line.startsWith("flags")).findFirst()
                    .map(line -> Set.copyOf(List.of(line.strip().split("\\s+")).stream().distinct().toList())).orElse(Set.of());
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
