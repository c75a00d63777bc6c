package org.alcove.engine.duty;

import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.alcove.api.worker.SamplingParameters;
import org.alcove.engine.Engine;
import org.alcove.engine.SequenceRequest;
import org.alcove.engine.TokenEvent;
import org.alcove.engine.TokenStream;
import org.alcove.kernel.base.Avx2Blocks;
import org.alcove.kernel.base.Avx2Dense;
import org.alcove.nativelibrary.ProcessorFlags;
import org.alcove.weights.kernels.KernelRegistry;
import org.alcove.weights.store.MappedWeightStore;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/**
 * What the engine's thread and its team take from the heap while answers are written. The native tier computes: the Java tiers
 * allocate until they are compiled, which is not this test's matter.
 *
 * <p>Allowed are, for each token: the event handed to its reader, the growing lists of the sequence's ids and of those that are
 * punished, the reading of its row of the embeddings, and a pass over the request's logit biases; for each step: its lease, and
 * the counts that other threads see. Cosines and sines are computed on the heap, once for each position of a model's life.
 */
class AllocationTest {

    private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    private static final int TOKENS = 200;
    private static final long BYTES_A_TOKEN = 400;
    private static final long BYTES_A_STEP = 1024;
    /** Until then the compilers must have come to it. */
    private static final long COMPILED_NANOS = Duration.ofSeconds(30).toNanos();

    @Test
    void decodingTakesNextToNothingFromTheHeap() throws Exception {
        Assumptions.assumeTrue(ProcessorFlags.ofThisMachine().containsAll(List.of("avx2", "fma", "f16c")),
                "NOT TESTED: needs avx2");
        try (Avx2Dense dense = new Avx2Dense(); Avx2Blocks blocks = new Avx2Blocks()) {
            Assumptions.assumeFalse(blocks.layouts().isEmpty(), "NOT TESTED: built without a C compiler");
            MappedWeightStore store = new MappedWeightStore(KernelRegistry.of(dense, blocks));
            Path model = Path.of(System.getProperty("alcove.root"), "distribution/demo-model/alcove-demo.gguf");
            try (Engine engine = Engines.open(store.open(model), Engines.SETTINGS.withKvTokens(16 * 256).withThreads(2))) {
                for (int streams : new int[] {1, 16}) {
                    for (SamplingParameters sampling : List.of(SamplingParameters.GREEDY.withSeed(0), Engines.sampling(3))) {
                        // The first time code is linked, and buffers grow.
                        decode(engine, streams, sampling);
                        long start = System.nanoTime();
                        Taken taken = decode(engine, streams, sampling);
                        // What the compilers keep off the heap they must have compiled; where others have the processors, late.
                        while (!taken.isLittle(streams) && System.nanoTime() - start < COMPILED_NANOS) {
                            taken = decode(engine, streams, sampling);
                        }
                        assertTrue(taken.isLittle(streams), streams + " streams: " + taken + ", at most "
                                + taken.most(streams) + " bytes");
                    }
                }
            }
        }
    }

    /** Bytes of the heap that so many tokens took. */
    private record Taken(long bytes, long tokens) {

        long most(int streams) {
            return tokens * (BYTES_A_TOKEN + BYTES_A_STEP / streams);
        }

        /** Not where nothing was measured, because the engine was done before its reader looked for the first time. */
        boolean isLittle(int streams) {
            return tokens > 0 && bytes > 0 && bytes <= most(streams);
        }
    }

    private static Taken decode(Engine engine, int count, SamplingParameters sampling) throws InterruptedException {
        List<TokenStream> streams = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            streams.add(engine.submit(SequenceRequest.of(new int[] {5, 6 + i, 7, 8}, sampling, TOKENS, Set.of())));
        }
        long[] ids = engineThreads();
        read(streams, TOKENS / 10);
        long bytes = -sum(ids);
        long tokens = -engine.status().answerTokens();
        read(streams, TOKENS / 10 * 8);
        bytes += sum(ids);
        tokens += engine.status().answerTokens();
        streams.forEach(TokenStream::close);
        Await.until("all are gone", () -> engine.status().running() == 0);
        return new Taken(bytes, tokens);
    }

    private static void read(List<TokenStream> streams, int tokens) throws InterruptedException {
        for (int i = 0; i < tokens; i++) {
            for (TokenStream stream : streams) {
                assertInstanceOf(TokenEvent.Token.class, stream.next());
            }
        }
    }

    private static long[] engineThreads() {
        return Thread.getAllStackTraces().keySet().stream().filter(thread -> thread.getName().startsWith("alcove-engine-"))
                .mapToLong(Thread::threadId).toArray();
    }

    private static long sum(long[] ids) {
        long sum = 0;
        for (long bytes : THREADS.getThreadAllocatedBytes(ids)) {
            sum += bytes;
        }
        return sum;
    }
}
