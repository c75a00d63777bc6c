package org.alcove.accounts;

import java.time.Instant;
import java.util.List;
import java.util.OptionalLong;
import org.osgi.annotation.versioning.ProviderType;

/** Who changed what, kept in a file that is only ever appended to. A service. Never a word of a prompt, never a secret. */
@ProviderType
public interface Audit {

    /**
     * Writes down a change; it is on the disk when this returns.
     *
     * @param who name of the one who did it
     * @param via how they came in: {@code session}, {@code key}, {@code machine} or {@code shell}
     * @param what for example {@code plugin.install}
     * @param subject what it was done to, or empty
     * @param detail how, or empty
     * @param outcome {@code done}, {@code refused} where nothing was changed, or {@code failed}, perhaps half way
     * @throws java.io.UncheckedIOException if it cannot be written; what was changed stays changed, and who
     *         asked must be told so: its message says it of a change that was done
     */
    void record(String who, String via, String what, String subject, String detail, String outcome);

    /**
     * The last entries, newest first.
     *
     * @param before only entries with smaller numbers
     * @param limit most entries
     */
    List<Entry> entries(OptionalLong before, int limit);

    /** A change. Entries are numbered from 1 on. */
    record Entry(long number, Instant when, String who, String via, String what, String subject, String detail,
            String outcome) {
    }
}
