package org.alcove.testkit.accounts;

import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.alcove.accounts.AccountException;
import org.alcove.accounts.IssuedKey;
import org.alcove.accounts.IssuedKeys;
import org.alcove.accounts.KeyTerms;

/** Keys in memory; the secret of a key is its label. */
public final class FakeKeys implements IssuedKeys {

    /** Whether the keys cannot be read. */
    public volatile boolean unreadable;
    private final Map<String, IssuedKey> kept = new LinkedHashMap<>();

    @Override
    public Fresh issue(String label, String by, KeyTerms terms) {
        IssuedKey key = new IssuedKey("key-" + label, label, Instant.EPOCH, by, terms, Optional.empty(), Optional.empty());
        kept.put(label, key);
        return new Fresh(key, label);
    }

    @Override
    public List<IssuedKey> keys() {
        return List.copyOf(kept.values());
    }

    @Override
    public IssuedKey change(String id, String label, KeyTerms terms) {
        return issue(label, "ann", terms).key();
    }

    @Override
    public IssuedKey revoke(String id) {
        return kept.computeIfPresent(id.substring("key-".length()), (label, key) -> new IssuedKey(id, label, key.made(), key.by(),
                key.terms(), Optional.of(Instant.EPOCH), key.used()));
    }

    @Override
    public void forget(String id) {
        kept.remove(id.substring("key-".length()));
    }

    @Override
    public boolean any() {
        return !readable().isEmpty();
    }

    @Override
    public Optional<IssuedKey> find(String secret) {
        return Optional.ofNullable(readable().get(secret));
    }

    private Map<String, IssuedKey> readable() {
        if (unreadable) {
            throw new AccountException(AccountException.Reason.UNREADABLE, "unreadable");
        }
        return kept;
    }
}
