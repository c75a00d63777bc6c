package org.alcove.testkit.kernel;

import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.Set;
import org.alcove.nativelibrary.ProcessorFlags;

/** What the processor of this machine can do, for tests of native tiers: one that it cannot run is skipped, and says so. */
public final class Processor {

    private Processor() {
    }

    /**
     * Skips the test unless the processor has all of some features.
     *
     * @param flags as Linux names them: {@code avx2}, {@code avx512_vnni}, {@code amx_int8}
     */
    public static void assumeHas(String... flags) {
        Set<String> present = ProcessorFlags.ofThisMachine();
        for (String flag : flags) {
            assumeTrue(present.contains(flag), "NOT TESTED: the processor of this machine has no " + flag
                    + "; run the test on one that has, or under an emulator of one");
        }
    }
}
