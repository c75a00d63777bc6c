package org.alcove.core;

import java.util.Optional;
import org.alcove.api.worker.GenerateRequest;
import org.alcove.api.worker.GenerationEvent;
import org.alcove.api.worker.ResumeState;

/**
 * How far an answer has been told, whoever has written it. Where a second worker begins, what was told already is not told again:
 * its Started, the probabilities of the prompt, and the text since the last resume state, which it writes once more. Used by the
 * thread that reads the answer.
 */
final class Progress {

    private Optional<GenerationEvent.Started> started = Optional.empty();
    private boolean scored;
    private boolean written;
    private Optional<ResumeState> state = Optional.empty();
    private int tokens;
    /** What the present worker has said since the state: this much a second one says again. */
    private String since = "";
    private int sinceTokens;
    /** What was told beyond that: what the present worker has yet to say again. */
    private String ahead = "";
    private int aheadTokens;

    /** Whether anything was told. */
    boolean begun() {
        return started.isPresent();
    }

    /** Whether nothing was told but that the answer begins. */
    boolean onlyBegun() {
        return !scored && !written;
    }

    /** Whether another worker can go on: from a state, or from the beginning where no text was told. */
    boolean canGoOn() {
        return !written || state.isPresent();
    }

    /** What the worker that goes on must have; empty before anything was told. */
    Optional<String> fingerprint() {
        return state.map(ResumeState::fingerprint).or(() -> started.map(GenerationEvent.Started::fingerprint));
    }

    /** The request as a second worker gets it. */
    GenerateRequest again(GenerateRequest request) {
        if (started.isEmpty()) {
            return request;
        }
        GenerateRequest.Logprobs logprobs = scored ? new GenerateRequest.Logprobs(request.logprobs().top(), false)
                : request.logprobs();
        return new GenerateRequest(request.model(), state.map(request.context()::withResume).orElse(request.context()),
                request.input(), request.sampling().withSeed(started.get().seed()), request.limits(), logprobs);
    }

    /** What a second worker does, for people. */
    String deed() {
        return written ? "goes on after " + tokens + " tokens" : "begun again";
    }

    /** A second worker begins. */
    void restart() {
        ahead = since + ahead;
        aheadTokens += sinceTokens;
        since = "";
        sinceTokens = 0;
    }

    /** Whether the text is another one than was told already. */
    boolean strays(GenerationEvent event) {
        if (event instanceof GenerationEvent.Finished) {
            return !ahead.isEmpty();
        }
        return event instanceof GenerationEvent.Delta delta && !ahead.isEmpty()
                && !delta.text().regionMatches(0, ahead, 0, Math.min(ahead.length(), delta.text().length()));
    }

    /** What of an event is to be told; empty where it was told already. */
    Optional<GenerationEvent> take(GenerationEvent event) {
        return switch (event) {
            case GenerationEvent.Started first -> take(first);
            case GenerationEvent.PromptScored scores -> {
                boolean told = scored;
                scored = true;
                yield told ? Optional.empty() : Optional.of(event);
            }
            case GenerationEvent.Delta delta -> take(delta);
            case GenerationEvent.Finished finished -> Optional.of(event);
            case GenerationEvent.Failed failed -> Optional.of(event);
        };
    }

    /** A second one is told only where it says something else, and nothing was told that came from the first. */
    private Optional<GenerationEvent> take(GenerationEvent.Started first) {
        boolean told = started.isPresent()
                && (!onlyBegun() || started.get().fingerprint().equals(first.fingerprint()));
        if (!told) {
            started = Optional.of(first);
        }
        return told ? Optional.empty() : Optional.of(first);
    }

    private Optional<GenerationEvent> take(GenerationEvent.Delta delta) {
        int text = Math.min(ahead.length(), delta.text().length());
        int known = Math.min(aheadTokens, delta.tokens().size());
        boolean repeats = text > 0 || known > 0;
        ahead = ahead.substring(text);
        aheadTokens -= known;
        if (delta.resume().isPresent()) {
            state = delta.resume();
            since = "";
            sinceTokens = 0;
        } else if (state.isPresent()) {
            since += delta.text();
            sinceTokens += delta.tokens().size();
        }
        written |= !delta.text().isEmpty() || !delta.tokens().isEmpty();
        tokens += delta.tokens().size() - known;
        if (!repeats) {
            return Optional.of(delta);
        }
        GenerationEvent.Delta rest = new GenerationEvent.Delta(delta.text().substring(text),
                delta.tokens().subList(known, delta.tokens().size()), delta.resume());
        return rest.text().isEmpty() && rest.tokens().isEmpty() ? Optional.empty() : Optional.of(rest);
    }
}
