package org.alcove.worker;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import org.alcove.api.worker.Failure;
import org.alcove.api.worker.Generation;
import org.alcove.api.worker.GenerationEvent;
import org.alcove.api.worker.GenerationEvent.Reason;
import org.alcove.api.worker.TokenProbability;
import org.alcove.engine.TokenEvent;
import org.alcove.engine.TokenStream;
import org.alcove.tokenizer.Tokenizer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tokens of a sequence as text: whole characters, cut at stop strings. Its reader's thread does the work; any thread may close
 * it. Whatever ends it, the place it had is given back.
 */
final class TextGeneration implements Generation {

    private static final Logger LOG = LoggerFactory.getLogger(TextGeneration.class);
    private static final Duration RETRY = Duration.ofSeconds(10);

    private final TokenStream tokens;
    private final Tokenizer tokenizer;
    private final Tokenizer.StreamDecoder decoder;
    private final StopScanner scanner;
    private final AnswerFrame frame;
    private final InstantSource clock;
    private final Admission.Place place;
    private final ResumePoint.Recorder recorder;
    private final Queue<GenerationEvent> ready = new ArrayDeque<>();
    /** Set by the reader, at the end. */
    private boolean ended;
    private volatile boolean cancelled;
    private volatile Optional<Failure> handedOver = Optional.empty();

    /** @param place given back at the end */
    TextGeneration(TokenStream tokens, Tokenizer tokenizer, AnswerFrame frame, InstantSource clock, Admission.Place place) {
        this.tokens = tokens;
        this.tokenizer = tokenizer;
        this.decoder = tokenizer.decoder();
        this.scanner = new StopScanner(frame.stops());
        this.frame = frame;
        this.clock = clock;
        this.place = place;
        this.recorder = new ResumePoint.Recorder(frame.point());
        ready.add(frame.started());
        // What was written elsewhere was read there, too; what was held back there is held back here again.
        int[] written = frame.point().tokens();
        for (int i = 0; i < written.length; i++) {
            text(written[i], i + 1);
        }
        if (scanner.stopped()) {
            finish(Reason.STOP);
        }
    }

    @Override
    public GenerationEvent next() throws InterruptedException {
        while (ready.isEmpty() && !ended && !cancelled) {
            if (frame.deadline().isPresent() && frame.deadline().get().isBefore(clock.instant())) {
                end(new GenerationEvent.Failed(new Failure.TimedOut("the deadline of the request passed after "
                        + recorder.count() + " tokens of the answer")));
            } else {
                TokenEvent event = handedOver.isPresent() ? null : read();
                if (handedOver.isPresent()) {
                    end(new GenerationEvent.Failed(handedOver.get()));
                } else {
                    take(event);
                }
            }
        }
        return cancelled ? null : ready.poll();
    }

    private TokenEvent read() throws InterruptedException {
        try {
            return tokens.next();
        } catch (RuntimeException | LinkageError | AssertionError | StackOverflowError e) {
            LOG.error("The engine threw while an answer was read", e);
            return new TokenEvent.Failed(TokenEvent.Fault.INTERNAL, "the engine failed; the server's log says more");
        }
    }

    private void take(TokenEvent event) {
        place.begin();
        switch (event) {
            case null -> end(new GenerationEvent.Failed(new Failure.Internal("the engine ended the answer without a word")));
            case TokenEvent.PromptScored scored -> ready.add(promptScored(scored));
            case TokenEvent.Token token -> take(token);
            case TokenEvent.Finished finished -> finish(finished.ended() ? Reason.STOP : Reason.LENGTH);
            case TokenEvent.Failed failed -> end(new GenerationEvent.Failed(failure(failed)));
        }
    }

    private void take(TokenEvent.Token token) {
        recorder.add(token.id());
        String text = text(token.id(), recorder.count());
        ready.add(new GenerationEvent.Delta(text, List.of(probability(token.id(), token.logprob(), token.top())),
                Optional.of(recorder.state(frame.started().fingerprint()))));
        if (scanner.stopped()) {
            finish(Reason.STOP);
        }
    }

    /**
     * What a token adds to the text. The id that ends the answer adds nothing, whatever it spells.
     *
     * @param number of the token in the answer, from 1
     */
    private String text(int id, int number) {
        return frame.silentIds().contains(id) ? "" : scanned(decoder.next(id), number);
    }

    /** A character belongs to the token that completes it. */
    private String scanned(String text, int number) {
        return number <= frame.minTokens() ? scanner.pass(text) : scanner.next(text);
    }

    private void finish(Reason reason) {
        String last = scanned(decoder.finish(), recorder.count()) + scanner.finish();
        if (!last.isEmpty()) {
            ready.add(new GenerationEvent.Delta(last, List.of(), Optional.empty()));
        }
        end(new GenerationEvent.Finished(scanner.stopped() ? Reason.STOP : reason,
                new GenerationEvent.Usage(frame.prompt().length, Math.min(tokens.cachedTokens(), frame.prompt().length),
                        recorder.count())));
    }

    private void end(GenerationEvent event) {
        ready.add(event);
        ended = true;
        release();
    }

    private GenerationEvent promptScored(TokenEvent.PromptScored scored) {
        List<TokenProbability> probabilities = new ArrayList<>();
        for (int i = 0; i < frame.prompt().length; i++) {
            TokenEvent.Candidate[] top = i < scored.tops().length && scored.tops()[i] != null ? scored.tops()[i]
                    : new TokenEvent.Candidate[0];
            probabilities.add(probability(frame.prompt()[i], scored.logprobs()[i], top));
        }
        return new GenerationEvent.PromptScored(probabilities);
    }

    private TokenProbability probability(int id, float logprob, TokenEvent.Candidate[] top) {
        List<TokenProbability> likeliest = new ArrayList<>(top.length);
        for (TokenEvent.Candidate candidate : top) {
            likeliest.add(new TokenProbability(candidate.id(), spoken(candidate.id()), candidate.logprob(), List.of(),
                    tokenizer.isControl(candidate.id())));
        }
        return new TokenProbability(id, spoken(id), logprob, likeliest, tokenizer.isControl(id));
    }

    /** Bytes of a token for reports; a control token, which adds none to a text, is spelled. */
    private byte[] spoken(int id) {
        return tokenizer.isControl(id) ? tokenizer.spelling(id).getBytes(StandardCharsets.UTF_8) : tokenizer.bytes(id);
    }

    private static Failure failure(TokenEvent.Failed failed) {
        return switch (failed.fault()) {
            case NO_KERNEL, CLOSED -> new Failure.Unavailable(RETRY, failed.message());
            case READER_STALLED -> new Failure.TimedOut(failed.message());
            case INTERNAL -> new Failure.Internal(failed.message());
        };
    }

    @Override
    public int placeInLine() {
        return place.inLine();
    }

    /** Ends the answer for another worker to go on with: its reader is told this failure after what has come so far. */
    void handOver(Failure why) {
        handedOver = Optional.of(why);
        release();
    }

    @Override
    public void close() {
        cancelled = true;
        release();
    }

    private void release() {
        try {
            tokens.close();
        } finally {
            place.close();
        }
    }
}
