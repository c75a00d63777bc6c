package org.alcove.launcher;

import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * Whether a process is sealed, and by which policy.
 *
 * @param policy the sealed policy's file
 * @param sha256 which SHA-256 it must have, for command lines that are measured while the file is not; empty for any
 * @param events file of what was measured since the machine started, where the kernel measures it
 */
record Sealing(Optional<Path> policy, String sha256, Path events) {

    private static final String EVENTS = "--sealed-events";
    static final Set<String> VALUED = Set.of("--sealed", "--sealed-sha256", EVENTS);

    static Sealing of(Flags flags) {
        String pinned = flags.text("--sealed-sha256", "");
        if (!pinned.isEmpty() && !pinned.matches("[0-9a-f]{64}")) {
            throw new UsageException("--sealed-sha256 " + pinned + ": say 64 small hexadecimal digits");
        }
        Optional<Path> policy = flags.file("--sealed");
        if (policy.isEmpty() && !pinned.isEmpty()) {
            throw new UsageException("--sealed-sha256 needs --sealed FILE, the policy that has this digest");
        }
        if (policy.isEmpty() && flags.has(EVENTS)) {
            throw new UsageException(EVENTS + " is of no use without --sealed FILE: nothing is measured");
        }
        return new Sealing(policy, pinned, Flags.absolute(flags.text(EVENTS, "/run/alcove/events")));
    }

    /** The framework's settings of a sealed process; none of one that is not. */
    Map<String, String> settings() {
        return policy.map(file -> Map.of(SealedBundles.POLICY, file.toString(), SealedBundles.PINNED, sha256,
                SealedBundles.EVENTS, events.toString(),
                // Config Admin waits for what holds the configurations of a sealed process, and asks nobody else.
                "felix.cm.pm", "alcove.sealed")).orElse(Map.of());
    }
}
