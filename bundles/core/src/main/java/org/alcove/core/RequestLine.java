package org.alcove.core;

import java.time.Duration;
import java.util.Locale;
import org.alcove.api.control.RequestObserver;
import org.alcove.api.control.RequestObserver.Outcome;
import org.alcove.api.worker.Failure;

/** The one line of the log about a request. */
final class RequestLine {

    private static final int LONGEST = 128;
    private static final double NANOS = 1e9;

    private RequestLine() {
    }

    /** Names and figures, no text. */
    static String of(RequestObserver.Record record) {
        String worker = record.worker().isEmpty() ? "-" : plain(record.worker());
        String tokens = "prompt_tokens=" + record.promptTokens() + " answer_tokens=" + record.answerTokens();
        return "request " + plain(record.id()) + " worker=" + worker + " model=" + plain(record.model()) + " " + tokens
                + " first_token=" + record.firstToken().map(RequestLine::millis).orElse("-") + " total=" + millis(record.total())
                + " speed=" + speed(record) + " outcome=" + outcome(record.outcome());
    }

    private static String millis(Duration duration) {
        return String.format(Locale.ROOT, "%.1fms", duration.toNanos() / 1e6);
    }

    /** Tokens after the first by the time they took. */
    private static String speed(RequestObserver.Record record) {
        Duration rest = record.firstToken().map(record.total()::minus).orElse(Duration.ZERO);
        return record.answerTokens() < 2 || rest.isZero() ? "-"
                : String.format(Locale.ROOT, "%.1ftokens/s", (record.answerTokens() - 1) * NANOS / rest.toNanos());
    }

    private static String outcome(Outcome outcome) {
        return switch (outcome) {
            case Outcome.Done done -> done.reason().name().toLowerCase(Locale.ROOT);
            case Outcome.Cancelled cancelled -> "cancelled";
            // The reason is a plug-in's own words, and may quote the prompt though it must not.
            case Outcome.Broken(Failure.Refused refused) -> "Refused: by guard " + plain(refused.guard());
            case Outcome.Broken broken ->
                broken.failure().getClass().getSimpleName() + ": " + printable(broken.failure().message());
        };
    }

    /** Ids and names of models come from strangers: one word, of bounded length, so that nobody writes lines of their own. */
    private static String plain(String name) {
        String word = printable(name).replace(' ', '_');
        return word.length() > LONGEST ? word.substring(0, LONGEST) + "…" : word;
    }

    private static String printable(String text) {
        return text.replaceAll("[\\p{Cntrl}\\u2028\\u2029\\u0085]", "_");
    }
}
