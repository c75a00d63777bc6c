package org.alcove.cluster.stub;

import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.function.UnaryOperator;
import org.alcove.api.worker.Failure;
import org.alcove.api.worker.GenerateRequest;
import org.alcove.api.worker.Generation;
import org.alcove.api.worker.GenerationEvent;
import org.alcove.api.worker.ModelCard;
import org.alcove.api.worker.RequestException;
import org.alcove.api.worker.TokenProbability;
import org.alcove.api.worker.Worker;
import org.alcove.api.worker.WorkerStatus;

/** A worker whose answers the test writes: words of the prepared answer, then what is said later, or a failure. */
public final class FakeWorker implements Worker {

    public static final Instant NOW = Instant.parse("2026-01-31T10:00:00Z");

    private final String name;
    private final List<GenerateRequest> requests = new CopyOnWriteArrayList<>();
    private final BlockingQueue<GenerationEvent> later = new LinkedBlockingQueue<>();
    private final CountDownLatch closed = new CountDownLatch(1);
    private volatile List<String> words = List.of("Once", " upon", " a time");
    private volatile GenerationEvent end = new GenerationEvent.Finished(GenerationEvent.Reason.STOP,
            new GenerationEvent.Usage(5, 0, 4));
    private volatile RequestException refusal;
    private volatile WorkerStatus.State state = WorkerStatus.State.READY;
    private volatile int queue;
    /** What it shows; the nonce, where nothing else is said, which is enough to see it arrive. */
    public volatile UnaryOperator<byte[]> evidence = byte[]::clone;
    /** Of all its answers; below 0 it throws. */
    public volatile int place;

    public FakeWorker(String name) {
        this.name = name;
    }

    /** How it stands. */
    private record Status(String id, List<String> models, double speed, int queueLength, boolean heartbeat, Instant lastBeat,
            State state, String reason, Load load) implements WorkerStatus {
    }

    public FakeWorker refusing(Failure failure) {
        refusal = new RequestException(failure);
        return this;
    }

    public FakeWorker standing(WorkerStatus.State next) {
        state = next;
        return this;
    }

    public FakeWorker queue(int length) {
        queue = length;
        return this;
    }

    public FakeWorker ending(GenerationEvent event) {
        end = event;
        return this;
    }

    /** Its answers do not end by themselves, but with what is said later. */
    public FakeWorker endless() {
        end = null;
        return this;
    }

    public void say(GenerationEvent event) {
        later.add(event);
    }

    public List<GenerateRequest> requests() {
        return requests;
    }

    /** Waits until an answer was closed. */
    public void awaitClosed() throws InterruptedException {
        if (!closed.await(60, java.util.concurrent.TimeUnit.SECONDS)) {
            throw new AssertionError("no answer was closed");
        }
    }

    @Override
    public WorkerStatus status() {
        return new Status("local-" + name, List.of(name), 41.5, queue, true, NOW, state, "", WorkerStatus.Load.NONE);
    }

    @Override
    public ModelCard model() {
        return new ModelCard(name, "llama", 2048, 32_000, "f32", "chatml", "print", NOW);
    }

    @Override
    public int countTokens(GenerateRequest.Input input) {
        return switch (input) {
            case GenerateRequest.Chat chat -> 1000 + chat.messages().size();
            case GenerateRequest.Text text -> text.text().length();
            case GenerateRequest.Tokens tokens -> tokens.ids().size();
        };
    }

    @Override
    public void drain() {
        state = WorkerStatus.State.DRAINING;
    }

    @Override
    public void reopen() {
        state = WorkerStatus.State.READY;
    }

    @Override
    public Generation generate(GenerateRequest request) {
        requests.add(request);
        if (refusal != null) {
            throw refusal;
        }
        if (request.limits().maxTokens() > 1000) {
            throw new RequestException(new Failure.ContextOverflow(1548, request.limits().maxTokens(), 2048));
        }
        List<GenerationEvent> events = new ArrayList<>();
        events.add(new GenerationEvent.Started("local-" + name, "print", 7, 5));
        words.forEach(word -> events.add(delta(word)));
        if (end != null) {
            events.add(end);
        }
        return new Generation() {
            @Override
            public GenerationEvent next() throws InterruptedException {
                return !events.isEmpty() ? events.removeFirst() : end == null ? later.take() : null;
            }

            @Override
            public int placeInLine() {
                if (place < 0) {
                    throw new IllegalStateException("broken");
                }
                return place;
            }

            @Override
            public void close() {
                closed.countDown();
            }
        };
    }

    public static GenerationEvent.Delta delta(String text) {
        return new GenerationEvent.Delta(text, List.of(new TokenProbability(1, new byte[0], Float.NaN, List.of())),
                Optional.empty());
    }

    @Override
    public byte[] evidence(byte[] nonce) {
        return evidence.apply(nonce);
    }
}
