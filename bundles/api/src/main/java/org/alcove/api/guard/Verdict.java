package org.alcove.api.guard;

/** What a guard says of a request. */
public sealed interface Verdict {

    /** It may be served. */
    Verdict PASS = new Pass();

    /** It may be served, as far as this guard is concerned. */
    record Pass() implements Verdict {
    }

    /**
     * It is not served.
     *
     * @param reason for the person who asked: what is not accepted and what to change, without a word of the request's text
     */
    record Refuse(String reason) implements Verdict {
    }
}
