package org.alcove.accounts;

import java.util.List;
import java.util.Optional;
import org.osgi.annotation.versioning.ProviderType;

/**
 * The keys that were handed out to clients and scripts. A service. The secret of a key is told once, when it is made; only its
 * hash is kept. What a method changed is on the disk when it returns and counts at once.
 *
 * <p>Every method throws an {@link AccountException} with the reason UNREADABLE where the keys cannot be read or written: then
 * nobody is let in, since a key that was revoked could not be told from one that was not.
 */
@ProviderType
public interface IssuedKeys {

    /**
     * A key that was just made.
     *
     * @param key the key
     * @param secret what its holder sends, kept nowhere
     */
    record Fresh(IssuedKey key, String secret) {
    }

    /**
     * Makes a key.
     *
     * @param label what people call it
     * @param by who makes it
     * @throws AccountException if the label or the terms will not do
     */
    Fresh issue(String label, String by, KeyTerms terms);

    /** All, the newest first, also those that were revoked. */
    List<IssuedKey> keys();

    /**
     * Gives a key another label and other terms, at the next request.
     *
     * @throws AccountException if there is none, or it was revoked, or label or terms will not do
     */
    IssuedKey change(String id, String label, KeyTerms terms);

    /**
     * Makes a key good for nothing, at the next request; harmless where it is already.
     *
     * @throws AccountException if there is none
     */
    IssuedKey revoke(String id);

    /**
     * Takes a key that was revoked off the list.
     *
     * @throws AccountException if there is none, or it was not revoked
     */
    void forget(String id);

    /** Whether any is on the list, in whatever state. */
    boolean any();

    /** The key with this secret, in whatever state. Notes that it was used. */
    Optional<IssuedKey> find(String secret);
}
