package org.alcove.evaluation;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.lang.foreign.ValueLayout;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import org.alcove.api.worker.SamplingParameters;
import org.alcove.engine.Engine;
import org.alcove.engine.LogitsObserver;
import org.alcove.engine.SequenceRequest;
import org.alcove.engine.TokenEvent;
import org.alcove.engine.TokenStream;
import org.alcove.evaluation.Windows.Window;

/** Scores the tokens of a text window by window, and compares with a reference on the way. */
final class PerplexityRun {

    /** Windows that are computed at the same time, so that one's end and the next one's beginning share a step. */
    static final int AHEAD = 2;
    private static final LogitsObserver NOBODY = (position, logits) -> { };

    private final int[] tokens;
    private final int[] begin;
    private final Perplexity perplexity = new Perplexity();
    private final Perplexity referencePerplexity = new Perplexity();
    private final Divergence divergence = new Divergence();

    /**
     * @param tokens ids of the whole text
     * @param begin the begin token, or nothing
     */
    PerplexityRun(int[] tokens, int[] begin) {
        this.tokens = tokens;
        this.begin = begin;
    }

    Perplexity perplexity() {
        return perplexity;
    }

    Perplexity referencePerplexity() {
        return referencePerplexity;
    }

    Divergence divergence() {
        return divergence;
    }

    /** Is told after each window. */
    interface Watcher {
        void done(int windows, int ofWindows);
    }

    /** Scores all windows. */
    void score(Engine engine, List<Window> windows, Watcher watcher) throws IOException {
        Queue<TokenStream> running = new ArrayDeque<>();
        int submitted = 0;
        for (int i = 0; i < windows.size(); i++) {
            while (submitted < windows.size() && running.size() < AHEAD) {
                running.add(submit(engine, windows.get(submitted++), NOBODY));
            }
            add(await(running.remove()), windows.get(i), perplexity);
            watcher.done(i + 1, windows.size());
        }
    }

    /** Scores all windows with both models; one window's logits of the reference are held at a time. */
    void compare(Engine engine, Engine reference, List<Window> windows, Watcher watcher) throws IOException {
        for (int i = 0; i < windows.size(); i++) {
            Window window = windows.get(i);
            int firstLogits = window.firstScored() - 1 - window.begin();
            float[][] expected = new float[window.scored()][];
            add(await(submit(reference, window, (position, logits) -> {
                if (position >= firstLogits) {
                    expected[position - firstLogits] = logits.toArray(ValueLayout.JAVA_FLOAT);
                }
            })), window, referencePerplexity);
            Divergence.At[] found = new Divergence.At[window.scored()];
            add(await(submit(engine, window, (position, logits) -> {
                if (position >= firstLogits) {
                    found[position - firstLogits] = Divergence.At.of(expected[position - firstLogits], logits);
                }
            })), window, perplexity);
            Arrays.stream(found).forEach(divergence::add);
            watcher.done(i + 1, windows.size());
        }
    }

    private TokenStream submit(Engine engine, Window window, LogitsObserver observer) {
        int[] ids = Arrays.copyOfRange(tokens, window.begin(), window.end());
        if (window.begins() && begin.length > 0) {
            ids[0] = begin[0];
        }
        SequenceRequest request = new SequenceRequest(ids, ids.length, SamplingParameters.GREEDY.withSeed(0), 0, 0, Set.of(), -1,
                true, 0);
        return observer == NOBODY ? engine.submit(request) : engine.submit(request, observer);
    }

    private static TokenEvent.PromptScored await(TokenStream stream) throws IOException {
        try {
            Optional<TokenEvent.PromptScored> scored = Optional.empty();
            while (true) {
                switch (stream.next()) {
                    case TokenEvent.PromptScored prompt -> scored = Optional.of(prompt);
                    case TokenEvent.Failed failed -> throw new IOException("the model failed: " + failed.message());
                    case TokenEvent.Finished finished -> {
                        return scored.orElseThrow(() -> new IOException("the model scored nothing"));
                    }
                    case null -> throw new IOException("the model stopped without saying why");
                    case TokenEvent.Token token -> throw new IOException("the model wrote a token where none was asked for");
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("scoring was interrupted");
        }
    }

    private static void add(TokenEvent.PromptScored scored, Window window, Perplexity target) {
        for (int i = window.firstScored(); i < window.end(); i++) {
            target.add(scored.logprobs()[i - window.begin()]);
        }
    }
}
