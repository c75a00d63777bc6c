package org.alcove.openai;

import java.time.Duration;
import java.util.Optional;
import org.alcove.configuration.GivenValues;
import org.alcove.keys.ApiKeys;
import org.alcove.keys.KeylessDoor;

/**
 * The configuration, checked.
 *
 * @param keys who may call; empty for everybody
 * @param keyRequired whether a key is needed also where none was made yet
 * @param cors which pages may call from a browser
 * @param maxBodyBytes most bytes of a body
 * @param ping how long a client may hear nothing
 * @param drain how long running answers may go on when the front end stops
 */
record Settings(Optional<ApiKeys> keys, boolean keyRequired, Cors cors, int maxBodyBytes, Duration ping, Duration drain) {

    private static final int LEAST_BODY = 1024;

    /** @throws IllegalArgumentException if a value cannot be; the message names it */
    static Settings of(GivenValues values) {
        return new Settings(ApiKeys.of(values.text("api_keys_file")), values.flag("key_required"),
                new Cors(new KeylessDoor(values.texts("cors_origins"), values.text("own_host").strip(),
                        values.flag("behind_tls_proxy"))),
                values.integer("max_body_bytes", LEAST_BODY), Duration.ofSeconds(values.integer("ping_seconds", 1)),
                Duration.ofSeconds(values.integer("drain_seconds", 0)));
    }
}
