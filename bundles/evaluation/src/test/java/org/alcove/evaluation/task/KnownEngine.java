package org.alcove.evaluation.task;

import java.lang.foreign.Arena;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.alcove.engine.Engine;
import org.alcove.engine.EngineStatus;
import org.alcove.engine.LogitsObserver;
import org.alcove.engine.SequenceRequest;
import org.alcove.engine.TokenEvent;
import org.alcove.engine.TokenStream;

/** An engine that knows some texts: their tokens have probability 1/2 after what comes before, all others share the rest. */
final class KnownEngine implements Engine {

    static final int VOCABULARY = 1 << 16;
    static final double KNOWN = Math.log(0.5);
    static final double OTHER = Math.log(0.5 / (VOCABULARY - 1));

    final List<String> asked = new ArrayList<>();
    private final List<String> texts;
    private final int contextTokens;
    int running;
    int mostRunning;

    KnownEngine(int contextTokens, String... texts) {
        this.contextTokens = contextTokens;
        this.texts = List.of(texts);
    }

    /** The token a known text goes on with, or the first of the vocabulary. */
    private int expected(int[] tokens, int position) {
        LetterTokenizer letters = new LetterTokenizer();
        String before = letters.decode(Arrays.copyOf(tokens, position + 1));
        return texts.stream().filter(text -> text.startsWith(before) && text.length() > before.length()).findFirst()
                .map(text -> letters.encode(text.substring(before.length()))[0]).orElse(LetterTokenizer.BEGIN);
    }

    @Override
    public TokenStream submit(SequenceRequest request) {
        return submit(request, (position, logits) -> { });
    }

    @Override
    public TokenStream submit(SequenceRequest request, LogitsObserver observer) {
        int[] tokens = request.tokens();
        asked.add(new LetterTokenizer().decode(tokens));
        running++;
        mostRunning = Math.max(mostRunning, running);
        float[] logprobs = new float[tokens.length];
        logprobs[0] = Float.NaN;
        TokenEvent.Candidate[][] tops = new TokenEvent.Candidate[tokens.length][];
        try (Arena arena = Arena.ofConfined()) {
            for (int i = 0; i + 1 < tokens.length; i++) {
                int expected = expected(tokens, i);
                logprobs[i + 1] = (float) (expected == tokens[i + 1] ? KNOWN : OTHER);
                tops[i + 1] = new TokenEvent.Candidate[] {new TokenEvent.Candidate(expected, (float) KNOWN)};
                float[] row = new float[i + 2 == tokens.length ? VOCABULARY : 0];
                if (row.length > 0) {
                    row[expected] = (float) (KNOWN - OTHER);
                    observer.observe(i, arena.allocateFrom(ValueLayout.JAVA_FLOAT, row));
                }
            }
        }
        return stream(new TokenEvent.PromptScored(logprobs, tops));
    }

    private TokenStream stream(TokenEvent event) {
        return new TokenStream() {
            private boolean open = true;

            @Override
            public TokenEvent next() {
                return event;
            }

            @Override
            public int cachedTokens() {
                return 0;
            }

            @Override
            public void close() {
                running -= open ? 1 : 0;
                open = false;
            }
        };
    }

    @Override
    public int contextTokens() {
        return contextTokens;
    }

    @Override
    public int vocabulary() {
        return VOCABULARY;
    }

    @Override
    public String fingerprint() {
        return "known";
    }

    @Override
    public String kernels() {
        return "known";
    }

    @Override
    public EngineStatus status() {
        throw new UnsupportedOperationException("nobody asks how it stands");
    }

    @Override
    public void close() {
        // It holds nothing.
    }
}
