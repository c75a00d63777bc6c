package org.alcove.openai;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.LongSupplier;
import org.alcove.accounts.IssuedKey;
import org.alcove.accounts.KeyTerms;
import org.alcove.api.worker.GenerateRequest.Input;

/**
 * What the one who asks may do here, and how much of it.
 *
 * @param name of the key, for messages
 * @param terms what the key is good for
 * @param quota what is left to it
 * @param nanos {@link System#nanoTime}
 */
record Pass(String name, KeyTerms terms, Quota quota, LongSupplier nanos) {

    /** Everything without limits: no key is asked for, or it is one of the file. */
    static final Pass FREE = new Pass("", KeyTerms.CLIENT, Quota.NONE, System::nanoTime);

    private static final String LIMIT = "x-ratelimit-limit-";
    private static final String REMAINING = "x-ratelimit-remaining-";
    private static final String RESET = "x-ratelimit-reset-";
    private static final String REQUESTS = "requests";
    private static final String TOKENS = "tokens";

    /** Names of the headers that tell what is left. */
    static final List<String> HEADERS = List.of(LIMIT + REQUESTS, REMAINING + REQUESTS, RESET + REQUESTS, LIMIT + TOKENS,
            REMAINING + TOKENS, RESET + TOKENS);

    static Pass of(IssuedKey key, Quota quota, LongSupplier nanos) {
        return new Pass(key.id(), key.terms(), quota, nanos);
    }

    /**
     * Counts a request.
     *
     * @throws ApiException if none is left
     */
    void countRequest() {
        quota.requests().ifPresent(bucket -> {
            Duration wait = bucket.takeOne(nanos.getAsLong());
            if (!wait.isZero()) {
                throw usedUp(bucket, REQUESTS, wait);
            }
        });
    }

    /** Refuses what the key is not for. */
    void requireEndpoint(String endpoint) {
        if (!terms.allowsEndpoint(endpoint)) {
            throw new ApiException(ApiError.forbidden(null, "endpoint_not_allowed", "the key " + name + " is not for "
                    + endpoint + "; it is for " + listed(terms.endpoints().orElseThrow())));
        }
    }

    /** Refuses what the key is not for. */
    void requireModel(String model) {
        if (!allowsModel(model)) {
            throw new ApiException(ApiError.forbidden("model", "model_not_allowed", "the key " + name
                    + " is not for the model \"" + Value.shortened(model) + "\"; it is for "
                    + listed(terms.models().orElseThrow())));
        }
    }

    boolean allowsModel(String model) {
        return terms.allowsModel(model);
    }

    private static String listed(Set<String> names) {
        return names.isEmpty() ? "none" : String.join(", ", new TreeSet<>(names));
    }

    /** Refuses where no token is left. */
    void requireTokens() {
        quota.tokens().ifPresent(bucket -> {
            Duration wait = bucket.waitForOne(nanos.getAsLong());
            if (!wait.isZero()) {
                throw usedUp(bucket, TOKENS, wait);
            }
        });
    }

    /**
     * Begins to count the tokens of a request.
     *
     * @param prompts its prompts
     * @param choices answers to each
     * @throws ApiException if no token is left
     */
    Charge charge(List<Input> prompts, int choices) {
        requireTokens();
        return new Charge(amount -> quota.tokens().ifPresent(bucket -> bucket.take(amount, nanos.getAsLong())), prompts, choices);
    }

    private ApiException usedUp(Bucket bucket, String what, Duration wait) {
        return new ApiException(ApiError.usedUp("the key " + name + " may take " + bucket.perMinute() + " " + what
                + " a minute, and they are used up; try again in " + written(wait), wait));
    }

    /** What is left, as the protocol's headers tell it; none without limits. */
    Map<String, String> headers() {
        Map<String, String> headers = new HashMap<>();
        quota.requests().ifPresent(bucket -> put(headers, REQUESTS, bucket));
        quota.tokens().ifPresent(bucket -> put(headers, TOKENS, bucket));
        return headers;
    }

    private void put(Map<String, String> headers, String what, Bucket bucket) {
        long now = nanos.getAsLong();
        headers.put(LIMIT + what, Integer.toString(bucket.perMinute()));
        headers.put(REMAINING + what, Long.toString(bucket.left(now)));
        headers.put(RESET + what, written(bucket.untilFull(now)));
    }

    /** As the protocol writes spans of time: {@code 120ms}, {@code 7s}, {@code 6m0s}. */
    static String written(Duration time) {
        long millis = Math.ceilDiv(time.toNanos(), 1_000_000);
        if (millis < 1000) {
            return millis + "ms";
        }
        long seconds = Math.ceilDiv(millis, 1000);
        return seconds < 60 ? seconds + "s" : seconds / 60 + "m" + seconds % 60 + "s";
    }
}
