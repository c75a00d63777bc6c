package org.alcove.accounts;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.Optional;

/**
 * A key that was handed out, without the secret.
 *
 * @param id names it in lists and in the audit
 * @param label what people call it
 * @param made when
 * @param by who made it
 * @param terms what it is good for
 * @param revoked since when it is good for nothing any more, where it was revoked
 * @param used when it was last shown, to the minute; across a crash to the hour
 */
public record IssuedKey(String id, String label, Instant made, String by, KeyTerms terms, Optional<Instant> revoked,
        Optional<Instant> used) {

    /** Whether it opens anything. */
    public enum State {
        /** It does. */
        ACTIVE,
        /** Its time is over. */
        EXPIRED,
        /** It was revoked. */
        REVOKED
    }

    /** How it stands at this time. */
    public State state(Instant now) {
        if (revoked.isPresent()) {
            return State.REVOKED;
        }
        return terms.expires().filter(end -> !now.isBefore(end)).isPresent() ? State.EXPIRED : State.ACTIVE;
    }

    /** As it is kept, and as the administration tells it: without its secret, and without the hash of it. */
    public ObjectNode json() {
        return KeyBook.json(this);
    }

    IssuedKey with(String otherLabel, KeyTerms others) {
        return new IssuedKey(id, otherLabel, made, by, others, revoked, used);
    }

    IssuedKey revokedAt(Instant when) {
        return new IssuedKey(id, label, made, by, terms, Optional.of(when), used);
    }

    IssuedKey usedAt(Instant when) {
        return new IssuedKey(id, label, made, by, terms, revoked, Optional.of(when));
    }
}
