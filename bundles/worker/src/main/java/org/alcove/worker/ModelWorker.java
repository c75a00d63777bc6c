package org.alcove.worker;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.alcove.api.worker.Failure;
import org.alcove.api.worker.GenerateRequest;
import org.alcove.api.worker.Generation;
import org.alcove.api.worker.ModelCard;
import org.alcove.api.worker.RequestException;
import org.alcove.api.worker.Worker;
import org.alcove.api.worker.WorkerStatus;
import org.alcove.engine.EngineStatus;

/**
 * Serves one model from the moment it is configured: while it loads, and when it could not be loaded, the status says so, which
 * is the reason requests are given. Thread-safe.
 */
final class ModelWorker implements Worker {

    /** Tokens per second of a worker that was not measured yet: any number above zero serves. */
    private static final double ASSUMED_SPEED = 10;
    private static final Duration RETRY = Duration.ofSeconds(5);

    private final String id;
    private final String name;
    private volatile Phase phase = new Phase.Loading("its model is being loaded");

    ModelWorker(String id, String name) {
        this.id = id;
        this.name = name;
    }

    /** How far the model is. */
    sealed interface Phase {

        /** Not there yet. */
        record Loading(String reason) implements Phase {
        }

        /** It will not come by itself. */
        record Broken(String reason) implements Phase {
        }

        /** It answers; while it drains, only those that are in. */
        record Loaded(LoadedModel model, ModelCard card, boolean draining) implements Phase {
        }
    }

    String id() {
        return id;
    }

    void enter(Phase next) {
        phase = next;
    }

    /** Takes no more requests; those that are in go on, for so long. Whether all of them ended. */
    boolean drain(Duration limit) throws InterruptedException {
        if (phase instanceof Phase.Loaded loaded) {
            phase = new Phase.Loaded(loaded.model(), loaded.card(), true);
            loaded.model().admission().close();
            return loaded.model().admission().awaitEmpty(limit);
        }
        return true;
    }

    @Override
    public WorkerStatus status() {
        return switch (phase) {
            case Phase.Loading loading -> idle(WorkerStatus.State.STARTING, loading.reason());
            case Phase.Broken broken -> idle(WorkerStatus.State.FAILED, broken.reason());
            case Phase.Loaded loaded -> status(loaded);
        };
    }

    private WorkerStatus idle(WorkerStatus.State state, String reason) {
        return new ReportedStatus(id, List.of(name), ASSUMED_SPEED, 0, true, Instant.now(), state, reason,
                WorkerStatus.Load.NONE);
    }

    private WorkerStatus status(Phase.Loaded loaded) {
        EngineStatus engine = loaded.model().engine().status();
        Optional<String> obstacle = obstacle(engine, loaded.model().prompts());
        WorkerStatus.State state = loaded.draining() ? WorkerStatus.State.DRAINING
                : obstacle.isPresent() ? WorkerStatus.State.PAUSED : WorkerStatus.State.READY;
        Instant beat = Instant.now().minusNanos(Math.max(0, System.nanoTime() - engine.lastStepNanos()));
        return new ReportedStatus(id, List.of(name), engine.tokensPerSecond() > 0 ? engine.tokensPerSecond() : ASSUMED_SPEED,
                loaded.model().admission().count(), true, beat, state,
                loaded.draining() ? "its model is being taken away" : obstacle.orElse(""),
                new WorkerStatus.Load(engine.running(), engine.waiting(), engine.kvBlocks(), engine.kvBlocksUsed(),
                        engine.promptTokens(), engine.answerTokens(), engine.preemptions()));
    }

    private static Optional<String> obstacle(EngineStatus engine, PromptWriter prompts) {
        return engine.missing().isEmpty() ? prompts.obstacle()
                : Optional.of("no kernel for the format " + engine.missing() + " is installed; put one into plugins/");
    }

    /** Before the model is loaded, a card without a context. */
    @Override
    public ModelCard model() {
        if (phase instanceof Phase.Loaded loaded) {
            ModelCard card = loaded.card();
            return new ModelCard(card.name(), card.architecture(), card.contextTokens(), card.vocabulary(), card.formats(),
                    loaded.model().prompts().choice(), card.fingerprint(), card.loaded());
        }
        return new ModelCard(name, "", 0, 0, "", "", "", Instant.EPOCH);
    }

    @Override
    public Generation generate(GenerateRequest request) {
        if (phase instanceof Phase.Loaded loaded) {
            WorkerStatus status = status(loaded);
            if (status.state() == WorkerStatus.State.READY) {
                return loaded.model().generate(request);
            }
            throw refusal(status);
        }
        throw refusal(status());
    }

    private RequestException refusal(WorkerStatus status) {
        return new RequestException(new Failure.Unavailable(RETRY, "worker " + id + " takes no requests: " + status.reason()));
    }

    /** Name of the model in a file or folder, where configuration gives none: as the file gives it, without reading it. */
    static String nameOf(Path path) {
        Path last = path.toAbsolutePath().normalize().getFileName();
        return last == null ? "model" : last.toString().replaceFirst("(-\\d{5}-of-\\d{5})?\\.gguf$", "");
    }
}
