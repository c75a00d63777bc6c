package org.alcove.evidence;

import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import org.alcove.accounts.IssuedKeys;
import org.alcove.configuration.GivenValues;
import org.alcove.keys.ApiKeys;
import org.alcove.keys.Callers;
import org.alcove.keys.KeylessDoor;

/**
 * What the door for sealed requests is told by its configuration.
 *
 * @param callers who may bring such requests
 * @param maxBodyBytes most bytes of one
 * @param ping how long a client hears nothing at most
 * @param drain how long running answers may go on when the door closes
 */
record SealedSettings(SealedCallers callers, int maxBodyBytes, Duration ping, Duration drain) {

    private static final int LEAST_BODY = 1024;

    /** @throws IllegalArgumentException if a value cannot be; the message names it */
    static SealedSettings of(GivenValues values, IssuedKeys keys) {
        return new SealedSettings(new SealedCallers(new Callers(ApiKeys.of(values.text("api_keys_file")),
                values.flag("key_required"), keys, InstantSource.system()), new KeylessDoor(List.of(),
                values.text("own_host").strip(), values.flag("behind_tls_proxy"))), values.integer("max_body_bytes", LEAST_BODY),
                Duration.ofSeconds(values.integer("ping_seconds", 1)), Duration.ofSeconds(values.integer("drain_seconds", 0)));
    }
}
