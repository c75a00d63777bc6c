package org.alcove.evidence;

import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import org.alcove.accounts.IssuedKeys;
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

    static SealedSettings of(SealedConfiguration configuration, IssuedKeys keys) {
        if (configuration.drain__seconds() < 0) {
            throw new IllegalArgumentException("drain_seconds of org.alcove.sealed is " + configuration.drain__seconds()
                    + "; it must be at least 0");
        }
        return new SealedSettings(new SealedCallers(new Callers(file(configuration.api__keys__file()),
                configuration.key__required(), keys, InstantSource.system()), new KeylessDoor(List.of(),
                configuration.own__host().strip(), configuration.behind__tls__proxy())), configuration.max__body__bytes(),
                Duration.ofSeconds(configuration.ping__seconds()), Duration.ofSeconds(configuration.drain__seconds()));
    }

    static Optional<ApiKeys> file(String name) {
        return name.isBlank() ? Optional.empty() : Optional.of(new ApiKeys(Path.of(name)));
    }
}
