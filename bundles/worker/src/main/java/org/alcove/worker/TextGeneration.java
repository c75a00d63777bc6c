package org.alcove.worker;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import org.alcove.api.worker.Failure;
import org.alcove.api.worker.Generation;
import org.alcove.api.worker.GenerationEvent;
import org.alcove.api.worker.GenerationEvent.Reason;
import org.alcove.api.worker.TokenProbability;
import org.alcove.engine.TokenEvent;
import org.alcove.engine.TokenStream;
import org.alcove.tokenizer.Tokenizer;

/** Tokens of a sequence as text: whole characters, cut at stop strings. Its reader's thread does the work. */
final class TextGeneration implements Generation {

    private static final Duration RETRY = Duration.ofSeconds(10);

    private final TokenStream tokens;
    private final Tokenizer tokenizer;
    private final Tokenizer.StreamDecoder decoder;
    private final StopScanner scanner;
    private final AnswerFrame frame;
    private final AdmissionPlace place;
    private final Queue<GenerationEvent> ready = new ArrayDeque<>();
    private int[] answer;
    private int length;
    /** Set by the reader at the end, or by whoever cancels. */
    private volatile boolean over;

    /**
     * What stays the same while an answer is written.
     *
     * @param started first event
     * @param prompt ids of the prompt
     * @param resumed ids of the answer that were written elsewhere
     * @param silentIds ids that end the answer and add no text
     * @param seed of the randomness
     */
    record AnswerFrame(GenerationEvent.Started started, int[] prompt, int[] resumed, Set<Integer> silentIds, long seed) {
    }

    TextGeneration(TokenStream tokens, Tokenizer tokenizer, List<String> stops, AnswerFrame frame, AdmissionPlace place) {
        this.tokens = tokens;
        this.tokenizer = tokenizer;
        this.decoder = tokenizer.decoder();
        this.scanner = new StopScanner(stops);
        this.frame = frame;
        this.place = place;
        this.answer = Arrays.copyOf(frame.resumed(), Math.max(64, frame.resumed().length * 2));
        this.length = frame.resumed().length;
        for (int id : frame.resumed()) {
            scanner.next(decoder.next(id));
        }
        ready.add(frame.started());
    }

    /** A place in the worker's queue; closing it throws nothing. */
    @FunctionalInterface
    interface AdmissionPlace extends AutoCloseable {
        @Override
        void close();
    }

    @Override
    public GenerationEvent next() throws InterruptedException {
        while (ready.isEmpty() && !over) {
            TokenEvent event = tokens.next();
            if (over) {
                return null;
            }
            switch (event) {
                case null -> end(new GenerationEvent.Failed(new Failure.Internal("the engine ended the answer without a word")));
                case TokenEvent.PromptScored scored -> ready.add(promptScored(scored));
                case TokenEvent.Token token -> take(token);
                case TokenEvent.Finished finished -> finish(finished.ended() ? Reason.STOP : Reason.LENGTH,
                        finished.cachedTokens());
                case TokenEvent.Failed failed -> end(new GenerationEvent.Failed(failure(failed)));
            }
        }
        return ready.poll();
    }

    private void take(TokenEvent.Token token) {
        if (length == answer.length) {
            answer = Arrays.copyOf(answer, 2 * length);
        }
        answer[length++] = token.id();
        String text = frame.silentIds().contains(token.id()) ? "" : scanner.next(decoder.next(token.id()));
        ready.add(new GenerationEvent.Delta(text, List.of(probability(token.id(), token.logprob(), token.top())),
                Optional.of(new ResumePoint(frame.seed(), Arrays.copyOf(answer, length))
                        .encoded(frame.started().fingerprint()))));
        if (scanner.stopped()) {
            finish(Reason.STOP, 0);
        }
    }

    private void finish(Reason reason, int cachedTokens) {
        String last = scanner.stopped() ? "" : scanner.next(decoder.finish()) + scanner.finish();
        if (!last.isEmpty()) {
            ready.add(new GenerationEvent.Delta(last, List.of(), Optional.empty()));
        }
        end(new GenerationEvent.Finished(reason, new GenerationEvent.Usage(frame.prompt().length, cachedTokens, length)));
    }

    private void end(GenerationEvent event) {
        ready.add(event);
        close();
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
        List<TokenProbability> likeliest = new ArrayList<>();
        for (TokenEvent.Candidate candidate : top) {
            likeliest.add(new TokenProbability(candidate.id(), spoken(candidate.id()), candidate.logprob(), List.of()));
        }
        return new TokenProbability(id, spoken(id), logprob, likeliest);
    }

    /** Bytes of a token for reports; a control token, which adds none to a text, is spelled. */
    private byte[] spoken(int id) {
        return tokenizer.isControl(id) ? tokenizer.spelling(id).getBytes(StandardCharsets.UTF_8)
                : tokenizer.bytes(id);
    }

    private static Failure failure(TokenEvent.Failed failed) {
        return switch (failed.fault()) {
            case NO_KERNEL, CLOSED -> new Failure.Unavailable(RETRY, failed.message());
            case READER_STALLED -> new Failure.TimedOut(failed.message());
            case INTERNAL -> new Failure.Internal(failed.message());
        };
    }

    @Override
    public void close() {
        over = true;
        tokens.close();
        place.close();
    }
}
