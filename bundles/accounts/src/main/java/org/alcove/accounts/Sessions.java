package org.alcove.accounts;

import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** The sessions of this process, by the hash of their token: what is in memory signs nobody in. */
final class Sessions {

    private static final int MOST = 1000;
    private static final int TOKEN_BYTES = 32;

    private final InstantSource clock;
    private final SecureRandom random;
    private Duration idle;
    private Duration longest;
    private final Map<String, Session> sessions = new LinkedHashMap<>();

    /**
     * A session.
     *
     * @param account name of the account
     * @param salt of the password it was opened with; another password has another
     * @param csrf to be shown with every change
     * @param ends at the latest
     * @param seen when it was last used
     */
    record Session(String account, String salt, String csrf, Instant ends, Instant seen) {
    }

    Sessions(InstantSource clock, SecureRandom random, Duration idle, Duration longest) {
        this.clock = clock;
        this.random = random;
        this.idle = idle;
        this.longest = longest;
    }

    /** So long sessions last from now on; those that are open still end when it was said that they would. */
    synchronized void limit(Duration idle, Duration longest) {
        this.idle = idle;
        this.longest = longest;
    }

    /** Opens a session and returns its token, which is kept nowhere. */
    synchronized String open(String account, String salt) {
        Instant now = clock.instant();
        sessions.values().removeIf(session -> over(session, now));
        if (sessions.size() >= MOST) {
            sessions.remove(sessions.keySet().iterator().next());
        }
        String token = token();
        sessions.put(Secrets.hash(token), new Session(account, salt, token(), now.plus(longest), now));
        return token;
    }

    synchronized Optional<Session> use(String token) {
        Instant now = clock.instant();
        return Optional.ofNullable(sessions.computeIfPresent(Secrets.hash(token), (hash, session) -> over(session, now) ? null
                : new Session(session.account(), session.salt(), session.csrf(), session.ends(), now)));
    }

    synchronized void close(String token) {
        sessions.remove(Secrets.hash(token));
    }

    /** The session goes on under another password. */
    synchronized void rekey(String token, String salt) {
        sessions.computeIfPresent(Secrets.hash(token), (hash, session) ->
                new Session(session.account(), salt, session.csrf(), session.ends(), session.seen()));
    }

    synchronized int count(String account, String salt) {
        Instant now = clock.instant();
        return (int) sessions.values().stream().filter(session -> session.account().equals(account)
                && session.salt().equals(salt) && !over(session, now)).count();
    }

    private boolean over(Session session, Instant now) {
        return !now.isBefore(session.ends()) || !now.isBefore(session.seen().plus(idle));
    }

    private String token() {
        byte[] bytes = new byte[TOKEN_BYTES];
        random.nextBytes(bytes);
        return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
    }
}
