package org.alcove.evaluation;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.function.BiFunction;
import org.alcove.engine.Engine;
import org.alcove.engine.EngineStatus;
import org.alcove.engine.LogitsObserver;
import org.alcove.engine.SequenceRequest;
import org.alcove.engine.TokenEvent;
import org.alcove.engine.TokenStream;

/** An engine whose logits are a known function of the position in the window and the tokens. */
final class FigureEngine implements Engine {

    final List<int[]> asked = new ArrayList<>();
    private final BiFunction<int[], Integer, float[]> logits;

    /** @param logits of a window's tokens and a position in it */
    FigureEngine(BiFunction<int[], Integer, float[]> logits) {
        this.logits = logits;
    }

    @Override
    public TokenStream submit(SequenceRequest request) {
        return submit(request, (position, row) -> { });
    }

    @Override
    public TokenStream submit(SequenceRequest request, LogitsObserver observer) {
        asked.add(request.tokens());
        float[] logprobs = new float[request.tokens().length];
        logprobs[0] = Float.NaN;
        try (Arena arena = Arena.ofConfined()) {
            for (int i = 0; i + 1 < logprobs.length; i++) {
                float[] row = logits.apply(request.tokens(), i);
                double sum = 0;
                for (float logit : row) {
                    sum += Math.exp(logit);
                }
                logprobs[i + 1] = (float) (row[request.tokens()[i + 1]] - Math.log(sum));
                MemorySegment segment = arena.allocateFrom(ValueLayout.JAVA_FLOAT, row);
                observer.observe(i, segment);
            }
        }
        Iterator<TokenEvent> events = List.<TokenEvent>of(new TokenEvent.PromptScored(logprobs, new TokenEvent.Candidate[0][]),
                new TokenEvent.Finished(false)).iterator();
        return new TokenStream() {
            @Override
            public TokenEvent next() {
                return events.hasNext() ? events.next() : null;
            }

            @Override
            public int cachedTokens() {
                return 0;
            }

            @Override
            public void close() {
                // There is nothing to cancel.
            }
        };
    }

    @Override
    public int contextTokens() {
        return 64;
    }

    @Override
    public int vocabulary() {
        return 4;
    }

    @Override
    public String fingerprint() {
        return "figures";
    }

    @Override
    public String kernels() {
        return "figures";
    }

    @Override
    public EngineStatus status() {
        throw new UnsupportedOperationException("nobody asks an engine of figures how it stands");
    }

    @Override
    public void close() {
        // It holds nothing.
    }
}
