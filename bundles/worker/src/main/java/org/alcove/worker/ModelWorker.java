package org.alcove.worker;

import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.alcove.api.worker.Failure;
import org.alcove.api.worker.GenerateRequest;
import org.alcove.api.worker.Generation;
import org.alcove.api.worker.ModelCard;
import org.alcove.api.worker.RequestException;
import org.alcove.api.worker.SealedDoor;
import org.alcove.api.worker.Worker;
import org.alcove.api.worker.WorkerStatus;
import org.alcove.engine.Engine;
import org.alcove.engine.EngineStatus;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Serves one model from the moment it is configured: while it loads, and when it could not be loaded, the status says so, which
 * is the reason requests are given. Thread-safe.
 */
final class ModelWorker implements Worker {

    private static final Logger LOG = LoggerFactory.getLogger(ModelWorker.class);
    /** Tokens per second of a worker that was not measured yet: any number above zero serves. */
    private static final double ASSUMED_SPEED = 10;
    private static final Duration RETRY = Duration.ofSeconds(5);
    private static final String TOLD = "it was told to drain";
    private static final String LEAVES = "its model is being taken away";

    private final String id;
    private final String name;
    private final SealedEntrance entrance;
    private volatile Duration limit;
    /** Changed under the monitor, as are the next two. */
    private volatile Phase phase = new Phase.Loading("its model is being loaded");
    /** Why it drains; empty where it does not. */
    private volatile String draining = "";
    private Thread ending;

    /**
     * @param limit how long answers go on when it drains
     * @param entrance opens sealed requests, where somebody can
     */
    ModelWorker(String id, String name, Duration limit, SealedEntrance entrance) {
        this.id = id;
        this.name = name;
        this.limit = limit;
        this.entrance = entrance;
    }

    /** How long answers may go on when it drains, from now on. */
    void allow(Duration drain) {
        limit = drain;
    }

    /** How far the model is. */
    sealed interface Phase {

        /** Not in memory; it may come back. */
        record Absent(String reason) implements Phase {
        }

        /** Not there yet. */
        record Loading(String reason) implements Phase {
        }

        /** It will not come by itself. */
        record Broken(String reason) implements Phase {
        }

        /** It answers. */
        record Loaded(LoadedModel model, ModelCard card) implements Phase {
        }
    }

    String id() {
        return id;
    }

    Phase phase() {
        return phase;
    }

    /** When its model had a request last; empty where it had none since it was loaded, or is not loaded. */
    Optional<Instant> lastUse() {
        return phase instanceof Phase.Loaded loaded ? loaded.model().admission().lastUse() : Optional.empty();
    }

    /** Requests it has now. */
    int answering() {
        return phase instanceof Phase.Loaded loaded ? loaded.model().admission().count() : 0;
    }

    /** Its model is being loaded, for the first time or again. */
    synchronized void welcome() {
        phase = new Phase.Loading("its model is being loaded");
        draining = draining.equals(LEAVES) ? "" : draining;
    }

    /** Gives up its model if it has no requests, and lets none in from then on; whether it did. */
    synchronized boolean vacate(String why) {
        if (!(phase instanceof Phase.Loaded loaded) || loaded.model().admission().count() > 0) {
            return false;
        }
        Admission admission = loaded.model().admission();
        admission.close();
        if (admission.count() > 0) {
            // One came in between.
            if (draining.isEmpty()) {
                admission.open();
            }
            return false;
        }
        phase = new Phase.Absent(why);
        return true;
    }

    synchronized void enter(Phase next) {
        phase = next;
        if (next instanceof Phase.Loaded loaded && !draining.isEmpty()) {
            loaded.model().admission().close();
        }
    }

    @Override
    public synchronized void drain() {
        if (draining.isEmpty()) {
            draining = TOLD;
            if (phase instanceof Phase.Loaded loaded) {
                loaded.model().admission().close();
                ending = Thread.ofVirtual().name("alcove-drain-" + name).start(() -> end(loaded.model().admission()));
            }
            LOG.info("Worker {} drains: it takes no more requests, and those it has may go on for {} s", id, limit.toSeconds());
        }
    }

    @Override
    public synchronized void reopen() {
        if (draining.equals(TOLD)) {
            draining = "";
            if (ending != null) {
                ending.interrupt();
            }
            if (phase instanceof Phase.Loaded loaded) {
                loaded.model().admission().open();
            }
            LOG.info("Worker {} takes requests again", id);
        }
    }

    /** Takes no more requests, for good. When this returns all answers have ended, or were handed over after the limit. */
    void leave() throws InterruptedException {
        Phase last;
        synchronized (this) {
            draining = LEAVES;
            last = phase;
            if (last instanceof Phase.Loaded loaded) {
                loaded.model().admission().close();
            }
        }
        if (last instanceof Phase.Loaded loaded && !loaded.model().admission().awaitEmpty(limit)) {
            handOver(loaded.model().admission());
        }
    }

    private void end(Admission admission) {
        try {
            if (!admission.awaitEmpty(limit)) {
                synchronized (this) {
                    if (!draining.isEmpty() && Thread.currentThread() == ending) {
                        handOver(admission);
                    }
                }
            }
        } catch (InterruptedException e) {
            LOG.debug("Worker {} was reopened while it drained", id);
        }
    }

    private void handOver(Admission admission) {
        LOG.warn("Worker {} hands over {} answers that were not whole after drain_seconds {}", id, admission.count(),
                limit.toSeconds());
        admission.evict(new Failure.Unavailable(RETRY, "worker " + id + " drains, and there was no more time for this answer"));
    }

    @Override
    public WorkerStatus status() {
        return switch (phase) {
            case Phase.Absent absent -> idle(WorkerStatus.State.PAUSED, absent.reason());
            case Phase.Loading loading -> idle(WorkerStatus.State.STARTING, loading.reason());
            case Phase.Broken broken -> idle(WorkerStatus.State.FAILED, broken.reason());
            case Phase.Loaded loaded -> status(loaded);
        };
    }

    private WorkerStatus idle(WorkerStatus.State state, String reason) {
        return new ReportedStatus(id, List.of(name), ASSUMED_SPEED, 0, true, Instant.now(), state, reason,
                WorkerStatus.Load.NONE, WorkerStatus.Computing.UNKNOWN);
    }

    /**
     * Its speed is the engine's: after each step the tokens of that step, prompt tokens counted in, by the seconds it took,
     * smoothed over the last steps. An idle engine keeps the figure of its last steps.
     */
    private WorkerStatus status(Phase.Loaded loaded) {
        String drains = draining;
        EngineStatus engine = loaded.model().engine().status();
        WorkerStatus.State state = !drains.isEmpty() ? WorkerStatus.State.DRAINING
                : engine.missing().isEmpty() ? WorkerStatus.State.READY : WorkerStatus.State.PAUSED;
        Instant beat = Instant.now().minusNanos(Math.max(0, System.nanoTime() - engine.lastStepNanos()));
        return new ReportedStatus(id, List.of(name), engine.tokensPerSecond() > 0 ? engine.tokensPerSecond() : ASSUMED_SPEED,
                loaded.model().admission().count(), true, beat, state,
                drains.isEmpty() ? obstacle(engine, loaded.model().prompts()) : drains,
                new WorkerStatus.Load(engine.running(), engine.waiting(), engine.kvBlocks(), engine.kvBlocksUsed(),
                        engine.promptTokens(), engine.answerTokens(), engine.preemptions()),
                computing(loaded.model().engine()));
    }

    private static WorkerStatus.Computing computing(Engine engine) {
        return new WorkerStatus.Computing(engine.placement(), engine.kernels(), engine.weightBytes(), engine.cacheBytes());
    }

    /** What hinders it; empty where nothing does. Without its template it goes on with texts, which need none. */
    private static String obstacle(EngineStatus engine, PromptWriter prompts) {
        return engine.missing().isEmpty()
                ? prompts.obstacle().map(missing -> "it takes no conversations, for " + missing).orElse("")
                : "no kernel for the format " + engine.missing() + " is installed; put one into plugins/";
    }

    /** Before the model is loaded, a card without a context. */
    @Override
    public ModelCard model() {
        if (phase instanceof Phase.Loaded loaded) {
            ModelCard card = loaded.card();
            return new ModelCard(card.name(), card.architecture(), card.contextTokens(), card.vocabulary(), card.formats(),
                    loaded.model().prompts().choice(), card.fingerprint(), card.loaded(), card.sampling());
        }
        return new ModelCard(name, "", 0, 0, "", "", "", Instant.EPOCH);
    }

    @Override
    public Generation generate(GenerateRequest request) {
        Optional<SealedDoor> door = entrance.door().filter(open -> request.context().sealedBody().isPresent());
        return door.isPresent() ? door.get().generate(request, opened -> ready().generate(opened, nobody()))
                : ready().generate(request);
    }

    /** Who asks is told outside of what was sealed, by those whom it was sealed against: so it shares with nobody. */
    private static String nobody() {
        return "sealed " + UUID.randomUUID();
    }

    private LoadedModel ready() {
        if (phase instanceof Phase.Loaded loaded) {
            WorkerStatus status = status(loaded);
            if (status.state() == WorkerStatus.State.READY) {
                return loaded.model();
            }
            throw refusal(status);
        }
        throw refusal(status());
    }

    /** Also while it takes no requests, as long as its model is there. */
    @Override
    public int countTokens(GenerateRequest.Input input) {
        if (phase instanceof Phase.Loaded loaded) {
            return loaded.model().count(input);
        }
        throw refusal(status());
    }

    @Override
    public byte[] evidence(byte[] nonce) {
        return entrance.door().map(door -> door.evidence(nonce)).orElseGet(() -> Worker.super.evidence(nonce));
    }

    private RequestException refusal(WorkerStatus status) {
        return new RequestException(new Failure.Unavailable(RETRY, "worker " + id + " takes no requests: " + status.reason()));
    }
}
