package org.alcove.openai;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
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

    static Settings of(OpenAiConfiguration configuration) {
        atLeast("max_body_bytes", 1024, configuration.max__body__bytes());
        atLeast("ping_seconds", 1, configuration.ping__seconds());
        atLeast("drain_seconds", 0, configuration.drain__seconds());
        String file = configuration.api__keys__file().strip();
        return new Settings(file.isEmpty() ? Optional.empty() : Optional.of(new ApiKeys(Path.of(file))),
                configuration.key__required(), new Cors(new KeylessDoor(List.of(configuration.cors__origins()),
                        configuration.own__host().strip(), configuration.behind__tls__proxy())), configuration.max__body__bytes(),
                Duration.ofSeconds(configuration.ping__seconds()), Duration.ofSeconds(configuration.drain__seconds()));
    }

    private static void atLeast(String name, int least, int value) {
        if (value < least) {
            throw new IllegalArgumentException(name + " of org.alcove.openai is " + value + "; it must be at least " + least);
        }
    }
}
