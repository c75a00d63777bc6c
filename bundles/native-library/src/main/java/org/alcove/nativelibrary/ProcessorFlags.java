package org.alcove.nativelibrary;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Collectors;

/** What a processor can do, by the names that Linux gives it: {@code avx2}, {@code avx512_vnni}, on ARM {@code asimddp}. */
public final class ProcessorFlags {

    /** Where Linux lists the processors of this machine. */
    public static final Path LIST = Path.of("/proc/cpuinfo");

    private ProcessorFlags() {
    }

    /** Those of this machine; none where the system does not say, as outside Linux. */
    public static Set<String> ofThisMachine() {
        try {
            return Files.isReadable(LIST) ? read(LIST) : Set.of();
        } catch (IOException e) {
            return Set.of();
        }
    }

    /** Those of the first processor in a list of that form (x86 "flags", ARM "Features"). */
    public static Set<String> read(Path list) throws IOException {
        try (var lines = Files.lines(list)) {
            return lines.filter(line -> line.startsWith("flags") || line.startsWith("Features")).limit(1)
                    .flatMap(line -> Arrays.stream(line.substring(line.indexOf(':') + 1).strip().split("\\s+")))
                    .collect(Collectors.toUnmodifiableSet());
        }
    }
}
