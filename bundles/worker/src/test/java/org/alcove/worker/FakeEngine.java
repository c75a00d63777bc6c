package org.alcove.worker;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BiFunction;
import org.alcove.engine.Engine;
import org.alcove.engine.EngineStatus;
import org.alcove.engine.LogitsObserver;
import org.alcove.engine.SequenceRequest;
import org.alcove.engine.TokenEvent;
import org.alcove.engine.TokenStream;

/** An engine that writes what it is told to: a token for each seed and position. Computes when it is read. */
final class FakeEngine implements Engine {

    final List<SequenceRequest> submitted = new CopyOnWriteArrayList<>();
    final AtomicInteger open = new AtomicInteger();
    final AtomicInteger rehearsals = new AtomicInteger();
    volatile boolean closed;
    /** What closing comes to, or null. */
    volatile RuntimeException fault;
    volatile String fingerprint = "print-1";
    volatile EngineStatus status = new EngineStatus(0, 0, 8, 0, 0, 0, 0, 0, System.nanoTime(), "");
    /** Token of a request at a position of the answer. */
    volatile BiFunction<SequenceRequest, Integer, Integer> writer = (request, position) -> 'a' + position % 26;
    /** Event instead of the token at a position, or null. */
    volatile BiFunction<SequenceRequest, Integer, TokenEvent> instead = (request, position) -> null;

    /** Position at which a reader waits until its stream is closed; -1 for none. */
    volatile int blockAt = -1;
    volatile Runnable onBlock = () -> { };

    /** Writes a text, then ends. */
    void write(String text) {
        int[] ids = FakeTokenizer.ids(text);
        writer = (request, position) -> position < ids.length ? ids[position] : FakeTokenizer.END;
    }

    @Override
    public int contextTokens() {
        return 100;
    }

    @Override
    public int vocabulary() {
        return 259;
    }

    @Override
    public String fingerprint() {
        return fingerprint;
    }

    @Override
    public String kernels() {
        return "fake";
    }

    @Override
    public String placement() {
        return "one thread";
    }

    @Override
    public void rehearse() {
        rehearsals.incrementAndGet();
    }

    @Override
    public long weightBytes() {
        return 1000;
    }

    @Override
    public long cacheBytes() {
        return 80;
    }

    @Override
    public TokenStream submit(SequenceRequest request, LogitsObserver observer) {
        throw new UnsupportedOperationException("a worker looks at no logits");
    }

    @Override
    public TokenStream submit(SequenceRequest request) {
        if (request.sampling().temperature() < 0) {
            throw new IllegalArgumentException("the temperature is below 0");
        }
        submitted.add(request);
        open.incrementAndGet();
        return new Stream(request);
    }

    @Override
    public EngineStatus status() {
        return status;
    }

    @Override
    public void close() {
        if (fault != null) {
            throw fault;
        }
        closed = true;
    }

    private final class Stream implements TokenStream {

        private final SequenceRequest request;
        private int position;
        private boolean scored;
        private boolean over;
        private int last = -1;
        private volatile boolean cancelled;
        private final AtomicInteger closes = new AtomicInteger();
        private final CountDownLatch closed = new CountDownLatch(1);

        Stream(SequenceRequest request) {
            this.request = request;
            position = request.tokens().length - request.promptTokens();
        }

        @Override
        public TokenEvent next() throws InterruptedException {
            if (position == blockAt) {
                onBlock.run();
                closed.await();
            }
            if (cancelled || over) {
                return null;
            }
            if (request.promptLogprobs() && !scored) {
                scored = true;
                return scores();
            }
            TokenEvent other = instead.apply(request, position);
            if (other != null) {
                over = true;
                return other;
            }
            int[] given = request.tokens();
            boolean ended = given.length > request.promptTokens() && request.endIds().contains(given[given.length - 1])
                    || last >= 0 && request.endIds().contains(last);
            if (ended || position >= request.maxTokens()) {
                over = true;
                return new TokenEvent.Finished(ended);
            }
            last = writer.apply(request, position++);
            TokenEvent.Candidate[] top = new TokenEvent.Candidate[Math.max(0, request.logprobs())];
            for (int i = 0; i < top.length; i++) {
                top[i] = new TokenEvent.Candidate('x' + i, -1 - i);
            }
            return new TokenEvent.Token(last, request.logprobs() < 0 ? Float.NaN : -0.5f, top);
        }

        @Override
        public int cachedTokens() {
            return 3;
        }

        private TokenEvent scores() {
            float[] logprobs = new float[request.promptTokens()];
            TokenEvent.Candidate[][] tops = new TokenEvent.Candidate[logprobs.length][0];
            for (int i = 0; i < logprobs.length; i++) {
                logprobs[i] = i == 0 ? Float.NaN : -i;
            }
            return new TokenEvent.PromptScored(logprobs, tops);
        }

        @Override
        public void close() {
            cancelled = true;
            if (closes.incrementAndGet() == 1) {
                open.decrementAndGet();
                closed.countDown();
            }
        }
    }
}
