package org.alcove.openai;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Function;
import org.alcove.api.control.Controller;
import org.alcove.api.control.Dispatch;
import org.alcove.api.worker.GenerateRequest;
import org.alcove.api.worker.Generation;
import org.alcove.api.worker.GenerationEvent;
import org.alcove.api.worker.ModelCard;
import org.alcove.api.worker.SamplingDefaults;
import org.alcove.api.worker.TokenProbability;
import org.alcove.api.worker.WorkerStatus;

/** Plays a script of events for every request, and remembers what it was asked. */
final class FakeController implements Controller {

    static final ModelCard MODEL = new ModelCard("tiny", "llama", 512, 1000, "f32", "chatml", "fp-1",
            Instant.ofEpochSecond(1_700_000_000));
    static final ModelCard SLASHED = new ModelCard("org/model:v1", "llama", 512, 1000, "f32", "chatml", "fp-2",
            Instant.ofEpochSecond(1_700_000_001));
    /** One that recommends how its tokens are chosen. */
    static final ModelCard OPINIONATED = new ModelCard("cool", "llama", 512, 1000, "f32", "chatml", "fp-3", Instant.EPOCH,
            new SamplingDefaults(OptionalDouble.of(0.25), OptionalInt.of(20), OptionalDouble.of(0.75), OptionalDouble.empty(),
                    OptionalDouble.of(1.5)));

    final List<GenerateRequest> asked = new CopyOnWriteArrayList<>();
    final List<Played> played = new CopyOnWriteArrayList<>();
    final AtomicInteger running = new AtomicInteger();
    /** How often a worker was wanted, and how many requests were given up before one took them. */
    final AtomicInteger tries = new AtomicInteger();
    final AtomicInteger given = new AtomicInteger();
    /** Throws where a request is not taken. */
    volatile Consumer<GenerateRequest> refuse = request -> { };
    private volatile Function<GenerateRequest, List<GenerationEvent>> script = request -> answer("Hello", " world");
    private volatile boolean open;
    private volatile List<ModelCard> cards = List.of(MODEL, SLASHED);

    /** Plays these events for every request, and ends. */
    void play(Function<GenerateRequest, List<GenerationEvent>> events) {
        script = events;
        open = false;
    }

    /** Plays these events and then nothing, until the test sends more through {@link Played#send}. */
    void playOpen(GenerationEvent... events) {
        script = request -> List.of(events);
        open = true;
    }

    /** Serves these models from now on. */
    void serve(ModelCard... models) {
        cards = List.of(models);
    }

    @Override
    public Generation generate(GenerateRequest request) {
        asked.add(request);
        return begin(request);
    }

    @Override
    public Pending prepare(GenerateRequest request) {
        asked.add(request);
        return new Pending() {

            private boolean taken;

            @Override
            public Generation generate() {
                Generation generation = begin(request);
                taken = true;
                return generation;
            }

            @Override
            public void close() {
                if (!taken) {
                    given.incrementAndGet();
                }
            }
        };
    }

    private Generation begin(GenerateRequest request) {
        tries.incrementAndGet();
        refuse.accept(request);
        Played generation = new Played(script.apply(request), open);
        running.incrementAndGet();
        played.add(generation);
        return generation;
    }

    @Override
    public List<ModelCard> models() {
        return cards;
    }

    @Override
    public List<WorkerStatus> workers() {
        return List.of();
    }

    @Override
    public String policy() {
        return "lottery";
    }

    @Override
    public List<Dispatch> dispatches() {
        return List.of();
    }

    static GenerationEvent started() {
        return new GenerationEvent.Started("local-1", "fp-1", 42, 7);
    }

    static GenerationEvent delta(String text, TokenProbability... tokens) {
        return new GenerationEvent.Delta(text, List.of(tokens), Optional.empty());
    }

    static GenerationEvent finished(int completionTokens) {
        return new GenerationEvent.Finished(GenerationEvent.Reason.STOP, new GenerationEvent.Usage(7, 3, completionTokens));
    }

    static List<GenerationEvent> answer(String... deltas) {
        List<GenerationEvent> events = new ArrayList<>();
        events.add(started());
        for (String delta : deltas) {
            events.add(delta(delta));
        }
        events.add(finished(deltas.length));
        return events;
    }

    static TokenProbability token(int id, String text, float logprob, TokenProbability... top) {
        return new TokenProbability(id, text.getBytes(StandardCharsets.UTF_8), logprob, List.of(top));
    }

    /** A generation that is played. */
    final class Played implements Generation {

        final CountDownLatch closed = new CountDownLatch(1);
        final AtomicInteger read = new AtomicInteger();
        private final BlockingQueue<GenerationEvent> events = new LinkedBlockingQueue<>();
        private final boolean stayOpen;
        volatile int place;
        private boolean ended;

        Played(List<GenerationEvent> events, boolean stayOpen) {
            this.events.addAll(events);
            this.stayOpen = stayOpen;
        }

        void send(GenerationEvent event) {
            events.add(event);
        }

        @Override
        public GenerationEvent next() throws InterruptedException {
            if (ended || !stayOpen && events.isEmpty()) {
                return null;
            }
            GenerationEvent event = events.take();
            read.incrementAndGet();
            ended = event instanceof GenerationEvent.Finished || event instanceof GenerationEvent.Failed;
            return event;
        }

        @Override
        public int placeInLine() {
            return place;
        }

        @Override
        public synchronized void close() {
            if (closed.getCount() > 0) {
                running.decrementAndGet();
                closed.countDown();
            }
        }
    }
}
