package org.alcove.core.guard;

import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.alcove.api.guard.AnswerWatch;
import org.alcove.api.guard.Guard;
import org.alcove.api.guard.Verdict;
import org.alcove.api.worker.Failure;
import org.alcove.api.worker.GenerateRequest;
import org.alcove.api.worker.RequestException;
import org.alcove.ranked.Origin;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A guard with its name and bundle. Every call into it passes here, so that what it does wrong is blamed on its bundle. */
final class InstalledGuard {

    private static final Logger LOG = LoggerFactory.getLogger(InstalledGuard.class);
    private static final Duration RETRY = Duration.ofSeconds(5);
    /** A guard that hangs holds up no more threads than that; further requests are told so at once. */
    private static final int MOST_OVERDUE = 8;

    private final String name;
    private final Guard guard;
    private final Origin origin;
    private final Tally tally;
    private final TimedCalls calls;
    private final AtomicInteger overdue = new AtomicInteger();
    private volatile boolean gone;

    InstalledGuard(String name, Guard guard, Origin origin, Tally tally, TimedCalls calls) {
        this.name = name;
        this.guard = guard;
        this.origin = origin;
        this.tally = tally;
        this.calls = calls;
    }

    /** What a guard said of a request, and what watches the answer. */
    private record Judgement(Verdict verdict, Optional<AnswerWatch> watch) {
    }

    String name() {
        return name;
    }

    /** It was taken away: what it says from now on counts no more. */
    void leave() {
        gone = true;
    }

    boolean gone() {
        return gone;
    }

    /**
     * Has it judge a request.
     *
     * @return what watches the answer, if anything
     * @throws RequestException if it refuses, or fails; names its bundle then
     */
    Optional<AnswerWatch> judge(GenerateRequest request, Duration bound) {
        tally.requests().increment();
        Judgement judgement = call(() -> {
            Verdict verdict = guard.judge(request);
            return new Judgement(verdict, verdict instanceof Verdict.Pass ? guard.watch(request) : Optional.empty());
        }, bound);
        if (judgement.verdict() instanceof Verdict.Refuse refusal) {
            tally.refused().increment();
            throw new RequestException(new Failure.Refused(name, String.valueOf(refusal.reason())));
        }
        if (judgement.verdict() == null || judgement.watch() == null) {
            throw failed("gave no answer", null);
        }
        return judgement.watch();
    }

    /**
     * Shows it some text of an answer.
     *
     * @throws RequestException if it fails
     */
    boolean passes(AnswerWatch watch, String text, Duration bound) {
        boolean passes = call(() -> watch.passes(text), bound);
        if (!passes) {
            tally.ended().increment();
        }
        return passes;
    }

    private <T> T call(Supplier<T> body, Duration bound) {
        if (overdue.get() >= MOST_OVERDUE) {
            throw failed("has not returned from " + MOST_OVERDUE + " calls", null);
        }
        TimedCalls.Result<T> result = calls.call(body, bound, overdue);
        if (result.late()) {
            throw failed("took longer than " + bound.toMillis() + " ms", null);
        }
        if (result.fault().isPresent()) {
            throw failed("threw " + result.fault().get().getClass().getName(), result.fault().get());
        }
        return result.result();
    }

    /** What it threw is logged without its message, which may quote the text it was shown. */
    private RequestException failed(String deed, Throwable thrown) {
        String message = "the guard " + name + " of bundle " + origin.bundle() + " " + deed;
        if (!gone) {
            tally.failed().increment();
            LOG.error("{}", message, wordless(thrown));
        }
        return new RequestException(new Failure.Unavailable(RETRY, message + "; replace or remove that bundle"));
    }

    private static Throwable wordless(Throwable thrown) {
        if (thrown == null) {
            return null;
        }
        Throwable bare = new Throwable(thrown.getClass().getName());
        bare.setStackTrace(thrown.getStackTrace());
        return bare;
    }
}
