package org.alcove.engine.duty;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.alcove.engine.Engine;
import org.alcove.engine.EngineSettings;
import org.alcove.engine.SequenceRequest;
import org.alcove.engine.TokenEvent;
import org.alcove.engine.TokenStream;
import org.alcove.engine.memory.MemoryWeights;
import org.alcove.kernel.base.ReferenceDense;
import org.alcove.kernel.base.VectorDense;
import org.junit.jupiter.api.Test;

/** Sequences computed together give what each gives alone, and leave nothing behind. */
class ManySequencesTest {

    private static final int COUNT = 16;
    /** Room for about three of the sixteen. */
    private static final int KV_TOKENS = 9 * 64;

    private final List<SequenceRequest> requests = new ArrayList<>();
    private final List<int[]> expected = new ArrayList<>();

    private void prepare() throws InterruptedException {
        Random random = new Random(5);
        EngineSettings roomy = Engines.SETTINGS.withKvTokens(16 * 512);
        try (Engine engine = Engines.open(Engines.tiny(), roomy)) {
            for (int i = 0; i < COUNT; i++) {
                requests.add(Engines.request(1 + random.nextInt(150), 20 + random.nextInt(100), i));
                expected.add(Answers.ids(engine.submit(requests.get(i))));
            }
        }
    }

    @Test
    void sixteenStreamsGiveTheTextsOfEachAlone() throws Exception {
        prepare();
        for (int threads = 1; threads <= 3; threads++) {
            MemoryWeights weights = Engines.tiny();
            try (Engine engine = Engines.openWithRandomChunks(weights,
                    Engines.SETTINGS.withKvTokens(KV_TOKENS).withThreads(threads), threads);
                    ExecutorService readers = Executors.newVirtualThreadPerTaskExecutor()) {
                Random random = new Random(threads);
                // None ends before all are there.
                weights.removeKernelsAfter(0);
                List<Future<int[]>> answers = new ArrayList<>();
                for (SequenceRequest request : requests) {
                    TokenStream stream = engine.submit(request);
                    int most = random.nextInt(3) == 0 ? random.nextInt(20) : Integer.MAX_VALUE;
                    answers.add(readers.submit(() -> read(stream, most)));
                }
                weights.putBack(new ReferenceDense());
                for (int i = 0; i < COUNT; i++) {
                    int[] answer = answers.get(i).get();
                    assertArrayEquals(Arrays.copyOf(expected.get(i), answer.length), answer, "sequence " + i);
                }
                assertTrue(engine.status().preemptions() > 0, "the cache was too small for all");
                Await.until("all blocks are free", () -> engine.status().kvBlocksUsed() == 0 && engine.status().running() == 0);
                assertEquals(0, engine.status().waiting());
            }
        }
    }

    /** Reads an answer whole, or some tokens and then cancels. */
    private static int[] read(TokenStream stream, int most) throws InterruptedException {
        List<Integer> ids = new ArrayList<>();
        try (stream) {
            while (ids.size() < most && stream.next() instanceof TokenEvent.Token token) {
                ids.add(token.id());
            }
        }
        if (most == Integer.MAX_VALUE) {
            assertTrue(ids.size() >= 20, "an answer of " + ids.size() + " tokens was cut short");
        }
        return ids.stream().mapToInt(Integer::intValue).toArray();
    }

    @Test
    void aPreemptedSequenceReadsItsTextAgainAndGoesOn() throws Exception {
        SequenceRequest first = Engines.request(100, 90, 1);
        SequenceRequest second = Engines.request(100, 90, 2);
        int[] alone = Engines.alone(second);
        MemoryWeights weights = Engines.tiny();
        try (Engine engine = Engines.open(weights, Engines.SETTINGS.withKvTokens(5 * 64))) {
            // The first does not end before the second is there, however long this thread is kept waiting.
            weights.removeKernelsAfter(0);
            TokenStream firstStream = engine.submit(first);
            TokenStream secondStream = engine.submit(second);
            weights.putBack(new ReferenceDense());
            assertEquals(90, Answers.ids(firstStream).length);
            assertArrayEquals(alone, Answers.ids(secondStream));
            assertTrue(engine.status().preemptions() > 0);
        }
    }

    @Test
    void anEngineLeavesNoThreadsAndNoFilesOpen() throws Exception {
        Stories.open(new VectorDense()).close();
        long files = openFiles();
        for (int i = 0; i < 3; i++) {
            Engine engine = Engines.open(Stories.open(new VectorDense()), Engines.SETTINGS.withThreads(3));
            assertEquals(3, engineThreads());
            Answers.ids(engine.submit(SequenceRequest.of(new int[] {1}, Engines.sampling(i), 5, java.util.Set.of())));
            engine.close();
            engine.close();
            assertEquals(0, engineThreads());
        }
        assertEquals(files, openFiles());
    }

    private static long engineThreads() {
        return Thread.getAllStackTraces().keySet().stream().filter(t -> t.getName().startsWith("alcove-engine-stories")).count();
    }

    private static long openFiles() throws Exception {
        Path maps = Path.of("/proc/self/maps");
        if (!Files.exists(maps)) {
            return 0;
        }
        try (var lines = Files.lines(maps); var handles = Files.list(Path.of("/proc/self/fd"))) {
            return lines.filter(line -> line.endsWith(".gguf")).count()
                    + handles.filter(ManySequencesTest::isOfModel).count();
        }
    }

    private static boolean isOfModel(Path handle) {
        try {
            return Files.readSymbolicLink(handle).toString().endsWith(".gguf");
        } catch (IOException closedMeanwhile) {
            return false;
        }
    }
}
