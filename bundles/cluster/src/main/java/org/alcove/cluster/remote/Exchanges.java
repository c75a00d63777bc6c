package org.alcove.cluster.remote;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import org.alcove.api.worker.Failure;
import org.alcove.api.worker.RequestException;
import org.alcove.cluster.wire.FailureCodec;
import org.alcove.cluster.wire.Fields;
import org.alcove.cluster.wire.FrameReader;
import org.alcove.cluster.wire.Json;
import org.alcove.cluster.wire.PeerClient;
import org.alcove.cluster.wire.PeerRoute;
import org.alcove.cluster.wire.WireException;

/** Asks a worker's process, and says what became of it in terms of requests. */
final class Exchanges {

    private static final Duration RETRY = Duration.ofSeconds(1);
    private static final int SERVER_ERROR = 500;
    private static final int MAX_REFUSAL_BYTES = 1 << 20;

    private final URI address;
    private final PeerClient client;
    private final String worker;
    private PeerRoute route;
    /** Replaced under the monitor. */
    private volatile PeerClient way;

    /** @param worker its id for the whole cluster */
    Exchanges(URI address, PeerClient client, String worker) {
        this.address = address;
        this.client = client;
        this.worker = worker;
        this.route = PeerRoute.to(address);
        this.way = client;
    }

    /** It is reached along this way from now on; answers that come along another one go on. */
    synchronized void follow(PeerRoute next) {
        if (!next.equals(route)) {
            PeerClient before = way;
            route = next;
            way = client.along(next);
            before.release();
        }
    }

    /** Asks no more; answers that are coming go on. */
    synchronized void release() {
        way.release();
    }

    /** Who asks, along the way. */
    PeerClient way() {
        return way;
    }

    /**
     * Opens a stream of frames; whoever has it closes it. A worker that says no throws what it says.
     *
     * @param limit how long the worker may take to take the request
     */
    PeerClient.Opened open(String path, JsonNode body, Duration limit) {
        PeerClient.Opened opened;
        try {
            opened = way.open(address, path, body, limit);
        } catch (IOException e) {
            throw unreachable(e);
        }
        if (opened.status() == 200) {
            return opened;
        }
        try (opened) {
            throw new RequestException(refusal(opened));
        }
    }

    /** Asks for a short answer. */
    Fields ask(String path, JsonNode body) {
        try {
            PeerClient.Answer answer = way.post(address, path, body);
            if (!answer.fine()) {
                throw new RequestException(refused(answer.status()));
            }
            return answer.fields();
        } catch (IOException e) {
            throw unreachable(e);
        } catch (WireException e) {
            throw new RequestException(new Failure.Internal("worker " + worker + " answers " + path + " wrongly: "
                    + e.getMessage()), e);
        }
    }

    private RequestException unreachable(IOException e) {
        return new RequestException(
                new Failure.Unavailable(RETRY, "worker " + worker + " cannot be asked: " + e.getMessage()), e);
    }

    /** What a worker says instead of an answer: its failure as one frame. */
    private Failure refusal(PeerClient.Opened opened) {
        try {
            FrameReader frames = new FrameReader(opened.body(), MAX_REFUSAL_BYTES, worker);
            if (frames.next(client.settings().answer()) instanceof FrameReader.Read.Frame(byte[] json)) {
                Fields fields = Json.read(json, worker);
                if (fields.has("failure")) {
                    return FailureCodec.of(fields.object("failure"));
                }
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (IOException | WireException e) {
            return refused(opened.status());
        }
        return refused(opened.status());
    }

    private Failure refused(int status) {
        String message = "worker " + worker + " answers with HTTP status " + status;
        return switch (status) {
            case 401, 403 -> new Failure.Unavailable(RETRY, message + ": it does not admit this process; give both the same"
                    + " --cluster-secret, or certificates of one --cluster-ca");
            case 404, 405 -> new Failure.Unavailable(RETRY, message + ": it does not speak this protocol (any more)");
            default -> status >= SERVER_ERROR ? new Failure.Unavailable(RETRY, message + "; its log says more")
                    : new Failure.Internal(message + " and no reason; its log says more");
        };
    }
}
