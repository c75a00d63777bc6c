package org.alcove.evaluation.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import org.alcove.api.worker.SamplingParameters;
import org.alcove.engine.Engine;
import org.alcove.engine.SequenceRequest;
import org.alcove.engine.TokenEvent;
import org.alcove.engine.TokenStream;

/**
 * Some streams at once, measured once. Reading ends when the last stream has its first token; writing is measured from there
 * until every stream has written what it should, so all streams write all the time. Each is then cancelled.
 */
final class StreamRun {

    private static final int FIRST_ID = 300;
    private static final int IDS = 30_000;

    private final Engine engine;
    private final int generate;
    private final CountDownLatch begun;
    private final CountDownLatch written;
    private final AtomicLong tokens = new AtomicLong();
    /** Whether every stream has its first token. */
    private volatile boolean writing;
    private volatile String failure;

    private StreamRun(Engine engine, int parallel, int generate) {
        this.engine = engine;
        this.generate = generate;
        begun = new CountDownLatch(parallel);
        written = new CountDownLatch(parallel);
    }

    /**
     * Figures of one run.
     *
     * @param readSeconds from the request until the last stream had its first token
     * @param writeSeconds from there until each had written what it should
     * @param written tokens of all streams in that time
     */
    record Timing(double readSeconds, double writeSeconds, long written) {
    }

    /** Reads {@code parallel} prompts of {@code prompt} tokens at once, then has each stream write {@code generate} tokens. */
    static Timing measure(Engine engine, int parallel, int prompt, int generate, int round) throws IOException,
            InterruptedException {
        return new StreamRun(engine, parallel, generate).run(parallel, prompt, round);
    }

    private Timing run(int parallel, int prompt, int round) throws IOException, InterruptedException {
        List<TokenStream> streams = new ArrayList<>();
        List<Thread> readers = new ArrayList<>();
        long start = System.nanoTime();
        try {
            for (int i = 0; i < parallel; i++) {
                TokenStream stream = engine.submit(SequenceRequest.of(prompt(prompt, round, i, engine.vocabulary()),
                        SamplingParameters.GREEDY.withSeed(0), engine.contextTokens() - prompt, Set.of()));
                streams.add(stream);
                readers.add(Thread.startVirtualThread(() -> read(stream)));
            }
            begun.await();
            long middle = System.nanoTime();
            writing = true;
            written.await();
            long end = System.nanoTime();
            long all = tokens.get();
            if (failure != null) {
                throw new IOException(failure);
            }
            return new Timing((middle - start) / 1e9, (end - middle) / 1e9, all);
        } finally {
            streams.forEach(TokenStream::close);
            for (Thread reader : readers) {
                reader.join();
            }
        }
    }

    private void read(TokenStream stream) {
        int own = 0;
        boolean first = true;
        try {
            TokenEvent event = stream.next();
            for (; event instanceof TokenEvent.Token; event = stream.next()) {
                if (first) {
                    begun.countDown();
                    first = false;
                } else if (writing) {
                    tokens.incrementAndGet();
                    if (++own == generate) {
                        written.countDown();
                    }
                }
            }
            if (event instanceof TokenEvent.Failed failed && own < generate) {
                failure = "the model failed: " + failed.message();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        if (own < generate) {
            if (failure == null) {
                failure = "a stream ended after " + own + " of " + generate + " tokens; try fewer with --generate,"
                        + " or a shorter --prompt";
            }
            begun.countDown();
            written.countDown();
        }
    }

    /** Ids that are spread over the vocabulary, and different for each stream and round, so that nothing is known already. */
    static int[] prompt(int length, int round, int stream, int vocabulary) {
        int first = Math.min(FIRST_ID, vocabulary / 2);
        int ids = Math.min(IDS, vocabulary - first);
        int[] prompt = new int[length];
        for (int i = 0; i < length; i++) {
            prompt[i] = first + (int) ((i * 7919L + round * 13L + stream * 101L) % ids);
        }
        return prompt;
    }
}
