package org.alcove.admin;

import java.time.InstantSource;
import java.util.Optional;
import java.util.function.Function;
import org.alcove.accounts.IssuedKey;
import org.alcove.accounts.IssuedKeys;
import org.alcove.accounts.Role;
import org.alcove.keys.ApiKeys;

/**
 * Whom the keys that were made here let in: those with a role, as long as they are good for something.
 *
 * @param keys that were made here
 * @param clock tells when a key's time is over
 */
record RoleKeys(IssuedKeys keys, InstantSource clock) implements Function<String, Optional<Caller>> {

    /**
     * Who brings this header {@code Authorization}; empty where no key of it was made here.
     *
     * @throws AdminException if the key was made here and may not ask
     */
    @Override
    public Optional<Caller> apply(String authorization) {
        return ApiKeys.presented(authorization).flatMap(keys::find).map(this::caller);
    }

    private Caller caller(IssuedKey key) {
        if (key.state(clock.instant()) != IssuedKey.State.ACTIVE) {
            throw new AdminException(401, "invalid_admin_key", "the key " + key.id() + " was revoked, or its time is over; ask"
                    + " for another");
        }
        Role role = key.terms().role().orElseThrow(() -> new AdminException(403, "no_role", "the key " + key.id() + " is for"
                + " clients alone; ask for one with a role"));
        return Caller.key(key.label() + " (" + key.id() + ")", role);
    }
}
