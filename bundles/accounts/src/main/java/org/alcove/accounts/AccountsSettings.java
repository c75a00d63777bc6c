package org.alcove.accounts;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.alcove.configuration.GivenValues;

/**
 * The configuration, checked.
 *
 * @param folder of accounts, keys and the audit
 * @param limits of sessions
 */
record AccountsSettings(Path folder, KnownVisitors.Limits limits) {

    /** @throws IllegalArgumentException if a value cannot be; the message names it */
    static AccountsSettings of(GivenValues values) {
        return new AccountsSettings(folder(values), new KnownVisitors.Limits(
                Duration.ofMinutes(values.integer("idle_minutes", 1)),
                Duration.ofHours(values.integer("session_hours", 1)), values.flag("behind_tls_proxy")));
    }

    /** For who needs no more of it. */
    static Path folder(Map<String, Object> given) {
        GivenValues values = new GivenValues(AccountsConfiguration.class, given);
        values.requireReplaced();
        return folder(values);
    }

    private static Path folder(GivenValues values) {
        return values.folder("data_folder").resolve("admin");
    }
}
