package org.alcove.keys;

import java.time.InstantSource;
import java.util.Optional;
import org.alcove.accounts.AccountException;
import org.alcove.accounts.IssuedKey;
import org.alcove.accounts.IssuedKeys;

/**
 * Who may call: holders of the keys of a file, who may everything, and of those that were made on the server, who may what these
 * are good for. A key is needed as soon as there is such a file or any such key, also one that was revoked: so taking the last
 * key away does not open the door to everybody.
 *
 * @param file the keys of the configured file, where there is one
 * @param required whether a key is needed in any case
 * @param issued the keys that were made on the server
 * @param clock tells when a key's time is over
 */
public record Callers(Optional<ApiKeys> file, boolean required, IssuedKeys issued, InstantSource clock) {

    /** Who calls. */
    public sealed interface Caller {

        /** Anybody: no key is needed. */
        record Anybody() implements Caller {
        }

        /** The holder of the key of this name in the file. */
        record Named(String name) implements Caller {
        }

        /** The holder of a key that was made on the server and is good for something. */
        record Holder(IssuedKey key) implements Caller {
        }

        /** Nobody who may. The message is for the one who asked. */
        record Denied(String message) implements Caller {
        }

        /** Not to be told: the keys make no sense, and the log says why. */
        record Unreadable() implements Caller {
        }
    }

    /**
     * Who brings this header {@code Authorization}.
     *
     * @param authorization its value, or null where there was none
     */
    public Caller who(String authorization) {
        Optional<ApiKeys.Bearer> bearer = file.map(keys -> keys.bearer(authorization));
        if (bearer.isPresent() && bearer.get() instanceof ApiKeys.Bearer.Known known) {
            return new Caller.Named(known.name());
        }
        try {
            Optional<IssuedKey> key = ApiKeys.presented(authorization).flatMap(issued::find);
            if (key.isPresent()) {
                return holder(key.get());
            }
            if (file.isEmpty() && !required && !issued.any()) {
                return new Caller.Anybody();
            }
        } catch (AccountException unreadable) {
            return new Caller.Unreadable();
        }
        return bearer.isPresent() && bearer.get() instanceof ApiKeys.Bearer.Unreadable ? new Caller.Unreadable()
                : new Caller.Denied(ApiKeys.presented(authorization).isEmpty() ? ApiKeys.MISSING : ApiKeys.UNKNOWN);
    }

    private Caller holder(IssuedKey key) {
        String another = "; ask the one who runs this server for another";
        return switch (key.state(clock.instant())) {
            case ACTIVE -> new Caller.Holder(key);
            case REVOKED -> new Caller.Denied("the API key " + key.id() + " was revoked at " + key.revoked().orElseThrow()
                    + another);
            case EXPIRED -> new Caller.Denied("the time of the API key " + key.id() + " was over at "
                    + key.terms().expires().orElseThrow() + another);
        };
    }
}
