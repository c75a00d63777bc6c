package org.alcove.testkit.kernel;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;

/** What the processor of this machine can do, for tests of native tiers: one that it cannot run is skipped, and says so. */
public final class Processor {

    private static final Path LIST = Path.of("/proc/cpuinfo");

    private Processor() {
    }

    /**
     * Skips the test unless the processor has all of some features.
     *
     * @param flags as Linux names them: {@code avx2}, {@code avx512_vnni}, {@code amx_int8}
     */
    public static void assumeHas(String... flags) {
        List<String> present = flags();
        for (String flag : flags) {
            assumeTrue(present.contains(flag), "NOT TESTED: the processor of this machine has no " + flag
                    + "; run the test on one that has, or under an emulator of one");
        }
    }

    private static List<String> flags() {
        if (!Files.isReadable(LIST)) {
            return List.of();
        }
        try (var lines = Files.lines(LIST)) {
            return lines.filter(line -> line.startsWith("flags")).findFirst()
                    .map(line -> Arrays.asList(line.substring(line.indexOf(':') + 1).trim().split("\\s+"))).orElse(List.of());
        } catch (IOException e) {
            throw new AssertionError(LIST + " cannot be read", e);
        }
    }
}
