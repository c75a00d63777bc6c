package org.alcove.cluster.remote;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.alcove.api.worker.ModelCard;
import org.alcove.api.worker.WorkerStatus;
import org.alcove.cluster.wire.Json;
import org.alcove.cluster.wire.PeerClient;
import org.alcove.cluster.wire.PeerException;
import org.alcove.cluster.wire.Registration.FastChatStatus;
import org.alcove.cluster.wire.WireException;
import org.alcove.cluster.wire.WorkerReport;

/** Asks a worker of FastChat what it serves. */
public final class ForeignProbe {

    /** Speeds of FastChat's workers are constants without a unit, usually 1; one of 0 would never be chosen. */
    private static final double LEAST_SPEED = 1e-3;

    /** What FastChat itself takes where a model's files name no context. */
    private static final int USUAL_CONTEXT_TOKENS = 2048;

    /** Each is asked for by itself. */
    private static final int MOST_MODELS = 64;

    private ForeignProbe() {
    }

    /**
     * Asks it for its status and for the context of each of its models.
     *
     * @param client one that shows no secret
     * @throws IOException if it cannot be asked
     * @throws WireException if it is none
     */
    public static List<WorkerReport> reports(URI address, PeerClient client, Instant now) throws IOException {
        PeerClient.Answer answer = client.post(address, "/worker_get_status", Json.object());
        if (!answer.fine()) {
            throw new PeerException(address + " answers /worker_get_status with HTTP status " + answer.status());
        }
        FastChatStatus status = FastChatStatus.of(answer.fields());
        if (status.models().size() > MOST_MODELS) {
            throw WireException.malformed(address + " names " + status.models().size() + " models; at most " + MOST_MODELS
                    + " are asked for");
        }
        List<WorkerReport> reports = new ArrayList<>();
        for (String model : status.models()) {
            reports.add(report(address.toString(), model, context(address, client, model), status, now));
        }
        return reports;
    }

    private static int context(URI address, PeerClient client, String model) throws IOException {
        PeerClient.Answer details = client.post(address, "/model_details", Json.object().put("model", model));
        int told = details.fine() ? details.fields().count("context_length") : 0;
        return told == 0 ? USUAL_CONTEXT_TOKENS : told;
    }

    /**
     * A report of what a worker of FastChat says of itself, as of now.
     *
     * @param contextTokens 0 where it has not told yet
     */
    public static WorkerReport report(String address, String model, int contextTokens, FastChatStatus status, Instant now) {
        return new WorkerReport(new ModelCard(model, "unknown", contextTokens, 0, "unknown", "FastChat's", "", now),
                WorkerReport.clusterId(address, model), WorkerStatus.State.READY, "", Math.max(LEAST_SPEED, status.speed()),
                status.queueLength(), true, Duration.ZERO, WorkerStatus.Load.NONE);
    }
}
