package org.alcove.cluster.stub;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.alcove.cluster.wire.ChoiceAnswer;
import org.alcove.cluster.wire.Json;
import org.alcove.cluster.wire.ListedWorker;
import org.alcove.cluster.wire.Protocol;
import org.alcove.cluster.wire.Welcome;

/** A controller of ours that lists and chooses what the test says. */
public final class OwnControllerMock implements AutoCloseable {

    private final StubPeer peer;
    private final AtomicInteger unheard = new AtomicInteger();
    private volatile String id = "first";
    private volatile List<ListedWorker> workers = List.of();

    public OwnControllerMock() {
        this(0);
    }

    public OwnControllerMock(int port) {
        peer = new StubPeer(port);
        peer.on("/alcove/v1/hello", (asked, reply) -> reply.json(unheard.getAndDecrement() > 0 ? 404 : 200,
                text(Json.bytes(new Welcome(5, id).json()))));
        peer.on("/alcove/v1/workers", (asked, reply) -> reply.json(200, text(Json.bytes(ListedWorker.list(id, workers)))));
        peer.json("/alcove/v1/release", "{}");
    }

    private static String text(byte[] json) {
        return new String(json, StandardCharsets.UTF_8);
    }

    public URI address() {
        return peer.address();
    }

    public StubPeer peer() {
        return peer;
    }

    public OwnControllerMock lists(ListedWorker... next) {
        workers = List.copyOf(Arrays.asList(next));
        return this;
    }

    /** Is from now on another process, which knows no workers yet. */
    public void restarts() {
        id = "second";
        workers = List.of();
    }

    /** Listens, but has opened its paths only once it was greeted so many times; FastChat's among them are then open, too. */
    public OwnControllerMock opensAfter(int greetings) {
        unheard.set(greetings);
        peer.json("/list_models", "{\"models\": [\"m\"]}");
        peer.json("/get_worker_address", "{\"address\": \"\"}");
        return this;
    }

    public OwnControllerMock chooses(String ticket, String address, String model) {
        peer.on("/alcove/v1/choose", (asked, reply) -> reply.json(200, text(Json.bytes(
                new ChoiceAnswer(ticket, address + "#" + model, address, Protocol.ALCOVE, "it said so").json()))));
        return this;
    }

    public OwnControllerMock refuses(int status, String body) {
        peer.on("/alcove/v1/choose", (asked, reply) -> reply.json(status, body));
        return this;
    }

    /** All tickets that were released. */
    public List<String> released() {
        List<String> tickets = new ArrayList<>();
        peer.asked("/alcove/v1/release").forEach(asked -> asked.json().path("tickets")
                .forEach(ticket -> tickets.add(ticket.textValue())));
        return tickets;
    }

    @Override
    public void close() {
        peer.close();
    }
}
