package org.alcove.openai;

import java.util.Optional;
import java.util.OptionalInt;
import org.alcove.accounts.KeyTerms;

/** What is left to a key of its requests and tokens; empty where that has no limit. */
record Quota(Optional<Bucket> requests, Optional<Bucket> tokens) {

    static final Quota NONE = new Quota(Optional.empty(), Optional.empty());

    static Quota of(KeyTerms terms, long now) {
        return new Quota(bucket(terms.requestsPerMinute(), now), bucket(terms.tokensPerMinute(), now));
    }

    private static Optional<Bucket> bucket(OptionalInt perMinute, long now) {
        return perMinute.isEmpty() ? Optional.empty() : Optional.of(new Bucket(perMinute.getAsInt(), now));
    }

    /** Whether it still is the one of these terms. */
    boolean isOf(KeyTerms terms) {
        return of(terms.requestsPerMinute(), requests) && of(terms.tokensPerMinute(), tokens);
    }

    private static boolean of(OptionalInt perMinute, Optional<Bucket> bucket) {
        return bucket.map(it -> OptionalInt.of(it.perMinute())).orElse(OptionalInt.empty()).equals(perMinute);
    }
}
