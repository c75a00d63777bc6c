package org.alcove.cluster.remote;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import org.alcove.api.worker.Failure;
import org.alcove.api.worker.GenerateRequest;
import org.alcove.api.worker.Generation;
import org.alcove.api.worker.ModelCard;
import org.alcove.api.worker.RequestException;
import org.alcove.api.worker.Worker;
import org.alcove.api.worker.WorkerStatus;
import org.alcove.cluster.wire.Json;
import org.alcove.cluster.wire.PeerClient;
import org.alcove.cluster.wire.RequestCodec;
import org.alcove.cluster.wire.WireException;
import org.alcove.cluster.wire.WorkerReport;

/**
 * A worker of ours in another process. It knows of its state what it is told ({@link #tell}), by the worker's beats in a
 * controller and by the controller's list in an API process; asked for its status it asks nobody.
 */
public final class RemoteWorker implements Worker {

    private final LastTold told;
    private final Exchanges exchanges;
    private final RemoteSettings settings;
    private final Duration patience;

    /**
     * @param address of the worker's process, without a path
     * @param client for our own processes; not closed here
     * @param first how it stands
     */
    public RemoteWorker(URI address, PeerClient client, InstantSource clock, RemoteSettings settings, WorkerReport first) {
        this.told = new LastTold(WorkerReport.clusterId(address.toString(), first.model().name()), clock, first);
        this.exchanges = new Exchanges(address, client, told.id());
        this.settings = settings;
        this.patience = client.settings().answer();
    }

    /** It stands like this now; what it calls itself does not matter. */
    public void tell(WorkerReport report) {
        told.tell(report);
    }

    @Override
    public WorkerStatus status() {
        return told.status();
    }

    @Override
    public ModelCard model() {
        return told.model();
    }

    /** Waits for the worker's word that it takes the request, or its refusal. */
    @Override
    public Generation generate(GenerateRequest request) {
        PeerClient.Opened opened = exchanges.open("/alcove/v1/generate", encode(request), patience);
        return new RemoteAnswer(told.id(), opened.body(), new OwnDecoder(told.id()), settings);
    }

    @Override
    public void drain() {
        exchanges.ask("/alcove/v1/drain", Json.object().put("model", model().name()));
    }

    @Override
    public void reopen() {
        exchanges.ask("/alcove/v1/reopen", Json.object().put("model", model().name()));
    }

    private static JsonNode encode(GenerateRequest request) {
        try {
            return RequestCodec.json(request);
        } catch (WireException e) {
            throw new RequestException(new Failure.Invalid("chat_template_kwargs", e.getMessage()), e);
        }
    }
}
