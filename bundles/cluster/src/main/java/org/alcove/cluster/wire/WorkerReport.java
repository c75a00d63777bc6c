package org.alcove.cluster.wire;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.alcove.api.worker.ModelCard;
import org.alcove.api.worker.SamplingDefaults;
import org.alcove.api.worker.Worker;
import org.alcove.api.worker.WorkerStatus;

/**
 * How a worker stands, as it is told to others: one model and its figures.
 *
 * @param model what it serves
 * @param id of the worker where it is told: in its own process, or, in a list of workers, for the whole cluster
 * @param beatAge how long ago its engine last showed that it is not hanging; an age, so that clocks need not agree
 */
public record WorkerReport(ModelCard model, String id, WorkerStatus.State state, String reason, double speed, int queueLength,
        boolean heartbeat, Duration beatAge, WorkerStatus.Load load, WorkerStatus.Computing computing) {

    private static final long MAX_AGE_MS = Duration.ofDays(3650).toMillis();

    /** One that does not say what it computes with. */
    public WorkerReport(ModelCard model, String id, WorkerStatus.State state, String reason, double speed, int queueLength,
            boolean heartbeat, Duration beatAge, WorkerStatus.Load load) {
        this(model, id, state, reason, speed, queueLength, heartbeat, beatAge, load, WorkerStatus.Computing.UNKNOWN);
    }

    /** How a worker of this process stands. */
    public static WorkerReport of(Worker worker, Instant now) {
        WorkerStatus status = worker.status();
        return of(worker.model(), status, now);
    }

    /** A status that was taken a moment ago. */
    public static WorkerReport of(ModelCard model, WorkerStatus status, Instant now) {
        Duration age = Duration.between(status.lastBeat(), now);
        return new WorkerReport(model, status.id(), status.state(), status.reason(), status.speed(), status.queueLength(),
                status.heartbeat(), age.isNegative() ? Duration.ZERO : age, status.load(), status.computing());
    }

    /** The id of a worker for the whole cluster. */
    public static String clusterId(String address, String model) {
        return address + "#" + model;
    }

    /** The same under another id. */
    public WorkerReport withId(String other) {
        return new WorkerReport(model, other, state, reason, speed, queueLength, heartbeat, beatAge, load, computing);
    }

    /** The same in another state. */
    public WorkerReport withState(WorkerStatus.State other, String why) {
        return new WorkerReport(model, id, other, why, speed, queueLength, heartbeat, beatAge, load, computing);
    }

    /** The same with another count of requests. */
    public WorkerReport withQueueLength(int other) {
        return new WorkerReport(model, id, state, reason, speed, other, heartbeat, beatAge, load, computing);
    }

    /** The same, having beaten that long ago. */
    public WorkerReport withBeatAge(Duration other) {
        return new WorkerReport(model, id, state, reason, speed, queueLength, heartbeat, other, load, computing);
    }

    /** As a message holds it. */
    public ObjectNode json() {
        ObjectNode json = Json.object();
        ObjectNode card = json.putObject("model").put("name", model.name()).put("architecture", model.architecture())
                .put("context_tokens", model.contextTokens()).put("vocabulary", model.vocabulary())
                .put("formats", model.formats()).put("template", model.template()).put("fingerprint", model.fingerprint())
                .put("loaded", model.loaded().toString());
        card.set("sampling", SamplingJson.of(model.sampling()));
        json.put("id", id).put("state", state.name()).put("reason", reason).put("speed", speed).put("queue_length", queueLength)
                .put("heartbeat", heartbeat).put("beat_age_ms", beatAge.toMillis());
        json.putObject("load").put("running", load.running()).put("waiting", load.waiting()).put("kv_blocks", load.kvBlocks())
                .put("kv_blocks_used", load.kvBlocksUsed()).put("prompt_tokens", load.promptTokens())
                .put("answer_tokens", load.answerTokens()).put("preemptions", load.preemptions());
        json.putObject("computing").put("placement", computing.placement()).put("kernels", computing.kernels())
                .put("weight_bytes", computing.weightBytes()).put("kv_bytes", computing.kvBytes());
        return json;
    }

    /** Reads one. */
    public static WorkerReport of(Fields fields) {
        double speed = fields.number("speed");
        if (speed <= 0) {
            throw fields.wrong("speed", "is " + speed + " and must be above 0");
        }
        return new WorkerReport(card(fields.object("model")), fields.text("id"),
                fields.constant("state", WorkerStatus.State.class), fields.text("reason", ""), speed,
                fields.count("queue_length"), fields.flag("heartbeat"),
                Duration.ofMillis(fields.integer("beat_age_ms", 0, MAX_AGE_MS)), load(fields.object("load")),
                fields.maybeObject("computing").map(WorkerReport::computing).orElse(WorkerStatus.Computing.UNKNOWN));
    }

    private static WorkerStatus.Computing computing(Fields fields) {
        return new WorkerStatus.Computing(fields.text("placement"), fields.text("kernels"),
                fields.integer("weight_bytes", 0, Long.MAX_VALUE), fields.integer("kv_bytes", 0, Long.MAX_VALUE));
    }

    private static ModelCard card(Fields fields) {
        String loaded = fields.text("loaded");
        try {
            return new ModelCard(fields.text("name"), fields.text("architecture"), fields.count("context_tokens"),
                    fields.count("vocabulary"), fields.text("formats"), fields.text("template"), fields.text("fingerprint"),
                    Instant.parse(loaded),
                    fields.maybeObject("sampling").map(SamplingJson::read).orElse(SamplingDefaults.NONE));
        } catch (DateTimeException e) {
            throw fields.wrong("loaded", "must be a time like 2026-01-31T10:00:00Z");
        }
    }

    private static WorkerStatus.Load load(Fields fields) {
        return new WorkerStatus.Load(fields.count("running"), fields.count("waiting"), fields.count("kv_blocks"),
                fields.count("kv_blocks_used"), fields.integer("prompt_tokens", 0, Long.MAX_VALUE),
                fields.integer("answer_tokens", 0, Long.MAX_VALUE), fields.integer("preemptions", 0, Long.MAX_VALUE));
    }

    static List<WorkerReport> list(Fields fields, String key) {
        return fields.objects(key, Protocol.MAX_ELEMENTS).stream().map(WorkerReport::of).toList();
    }
}
