package org.alcove.accounts;

import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.Base64;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.UnaryOperator;
import java.util.regex.Pattern;
import org.alcove.accounts.AccountException.Reason;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.ConfigurationPolicy;
import org.osgi.service.component.annotations.Modified;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keys in {@code admin/keys.json} of the data folder, written whole at each change.
 *
 * <p>A secret is kept as its plain SHA-256, without salt and rounds. Those slow down who guesses: passwords are few and chosen by
 * people. A secret here has 256 random bits, so that no guess comes near one however fast it is tried, no two are equal, and a
 * hash tells nothing. For the same reason it is looked up in a table: how long that takes tells something of a hash, and whoever
 * knew all of a hash could still not find the secret.
 */
@Component(configurationPid = "org.alcove.accounts", configurationPolicy = ConfigurationPolicy.REQUIRE)
public final class StoredKeys implements IssuedKeys {

    static final int MOST = 10_000;
    /** Secret scanners and people know by this whose key they found. */
    static final String PREFIX = "alcove-";
    private static final Logger LOG = LoggerFactory.getLogger(StoredKeys.class);
    private static final Pattern LABEL = Pattern.compile("[^\\p{Cc}\\p{Cf}\\p{Zl}\\p{Zp}]{1,100}");
    private static final int SECRET_BYTES = 32;
    private static final int ID_BYTES = 6;
    /** A use is written down this much after the one before: each request would be a write to the disk otherwise. */
    private static final Duration NOTED = Duration.ofHours(1);

    private final KeyBook book;
    private final InstantSource clock;
    private final SecureRandom random;
    /** By id: when a key was last used, and when it was last tried to write that down. */
    private final Map<String, Use> uses = new HashMap<>();

    private record Use(Instant last, Instant noted) {
    }

    @Activate
    public StoredKeys(Map<String, Object> given) {
        this(AccountsSettings.folder(given), InstantSource.system(), new SecureRandom());
    }

    StoredKeys(Path folder, InstantSource clock, SecureRandom random) {
        this.book = new KeyBook(folder.resolve("keys.json"));
        this.clock = clock;
        this.random = random;
    }

    /** The folder is that of the process: who asks for a key is not to wait for another one because sessions last longer now. */
    @Modified
    void stay() {
        LOG.debug("Keys stay where they are");
    }

    @Override
    public synchronized Fresh issue(String label, String by, KeyTerms terms) {
        Map<String, IssuedKey> next = new LinkedHashMap<>(book.all());
        if (next.size() >= MOST) {
            throw new AccountException(Reason.BAD_KEY, "there are " + next.size() + " keys, which is the most; forget some that"
                    + " were revoked");
        }
        String name = checked(label, terms);
        String secret = PREFIX + Base64.getUrlEncoder().withoutPadding().encodeToString(drawn(SECRET_BYTES));
        IssuedKey key = new IssuedKey("key-" + HexFormat.of().formatHex(drawn(ID_BYTES)), name, now(), by, terms,
                Optional.empty(), Optional.empty());
        next.put(Secrets.hash(secret), key);
        book.write(next);
        return new Fresh(key, secret);
    }

    private byte[] drawn(int bytes) {
        byte[] drawn = new byte[bytes];
        random.nextBytes(drawn);
        return drawn;
    }

    private Instant now() {
        return clock.instant().truncatedTo(ChronoUnit.SECONDS);
    }

    private static String checked(String label, KeyTerms terms) {
        String name = label.strip();
        if (!LABEL.matcher(name).matches()) {
            throw new AccountException(Reason.BAD_KEY, "a label has 1 to 100 characters that can be seen");
        }
        terms.fault().ifPresent(fault -> {
            throw new AccountException(Reason.BAD_KEY, fault);
        });
        return name;
    }

    @Override
    public synchronized List<IssuedKey> keys() {
        List<IssuedKey> keys = new ArrayList<>();
        book.all().values().forEach(key -> keys.add(uses.containsKey(key.id()) ? key.usedAt(uses.get(key.id()).last()) : key));
        return keys.reversed();
    }

    @Override
    public synchronized IssuedKey change(String id, String label, KeyTerms terms) {
        String name = checked(label, terms);
        return replace(id, key -> {
            if (key.revoked().isPresent()) {
                throw new AccountException(Reason.BAD_KEY, "the key " + id + " was revoked and stays so; make another");
            }
            return key.with(name, terms);
        });
    }

    @Override
    public synchronized IssuedKey revoke(String id) {
        return replace(id, key -> key.revoked().isPresent() ? key : key.revokedAt(now()));
    }

    @Override
    public synchronized void forget(String id) {
        Map<String, IssuedKey> next = new LinkedHashMap<>(book.all());
        Map.Entry<String, IssuedKey> entry = entry(id);
        if (entry.getValue().revoked().isEmpty()) {
            throw new AccountException(Reason.NOT_REVOKED, "the key " + id + " is still good for something; revoke it first");
        }
        next.remove(entry.getKey());
        book.write(next);
        uses.remove(id);
    }

    private IssuedKey replace(String id, UnaryOperator<IssuedKey> change) {
        Map<String, IssuedKey> next = new LinkedHashMap<>(book.all());
        Map.Entry<String, IssuedKey> entry = entry(id);
        IssuedKey changed = change.apply(entry.getValue());
        if (!changed.equals(entry.getValue())) {
            next.put(entry.getKey(), changed);
            book.write(next);
        }
        return changed;
    }

    private Map.Entry<String, IssuedKey> entry(String id) {
        return book.all().entrySet().stream().filter(entry -> entry.getValue().id().equals(id)).findFirst()
                .orElseThrow(() -> new AccountException(Reason.UNKNOWN, "there is no key with this id"));
    }

    @Override
    public boolean any() {
        return !book.all().isEmpty();
    }

    @Override
    public Optional<IssuedKey> find(String secret) {
        String hash = Secrets.hash(secret);
        Optional<IssuedKey> key = Optional.ofNullable(book.all().get(hash));
        key.ifPresent(found -> note(found.id()));
        return key;
    }

    private synchronized void note(String id) {
        Instant now = clock.instant().truncatedTo(ChronoUnit.MINUTES);
        Use before = uses.get(id);
        boolean due = before == null || !now.isBefore(before.noted().plus(NOTED));
        uses.put(id, new Use(now, due ? now : before.noted()));
        if (due) {
            try {
                replace(id, key -> key.usedAt(now));
            } catch (AccountException untold) {
                LOG.warn("The last use of the key {} could not be written down", id);
            }
        }
    }
}
