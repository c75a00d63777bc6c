package org.alcove.cluster.remote;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Base64;
import org.alcove.api.worker.Failure;
import org.alcove.api.worker.GenerateRequest;
import org.alcove.api.worker.Generation;
import org.alcove.api.worker.RequestException;
import org.alcove.cluster.wire.Json;
import org.alcove.cluster.wire.PeerClient;
import org.alcove.cluster.wire.RequestCodec;
import org.alcove.cluster.wire.WireException;
import org.alcove.cluster.wire.WorkerReport;

/** A worker of ours in another process. */
public final class RemoteWorker extends ToldWorker {

    private final Duration patience;

    /**
     * @param address of the worker's process, without a path
     * @param client for our own processes; not closed here
     * @param first how it stands
     */
    public RemoteWorker(URI address, PeerClient client, InstantSource clock, RemoteSettings settings, WorkerReport first) {
        super(address, client, clock, settings, first);
        this.patience = client.settings().answer();
    }

    /** Waits for the worker's word that it takes the request, or its refusal. */
    @Override
    public Generation generate(GenerateRequest request) {
        PeerClient.Opened opened = exchanges().open("/alcove/v1/generate", encode(request), patience);
        return new RemoteAnswer(id(), opened.body(), new OwnDecoder(id()), settings());
    }

    @Override
    public void drain() {
        exchanges().ask("/alcove/v1/drain", Json.object().put("model", model().name()));
    }

    @Override
    public void reopen() {
        exchanges().ask("/alcove/v1/reopen", Json.object().put("model", model().name()));
    }

    @Override
    public byte[] evidence(byte[] nonce) {
        return exchanges().ask("/alcove/v1/evidence", Json.object().put("model", model().name())
                .put("nonce", Base64.getEncoder().encodeToString(nonce))).bytes("evidence");
    }

    private static JsonNode encode(GenerateRequest request) {
        try {
            return RequestCodec.json(request);
        } catch (WireException e) {
            throw new RequestException(new Failure.Invalid("chat_template_kwargs", e.getMessage()), e);
        }
    }
}
