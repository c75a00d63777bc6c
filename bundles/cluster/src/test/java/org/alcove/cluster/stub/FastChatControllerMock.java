package org.alcove.cluster.stub;

import java.net.URI;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.List;
import java.util.Queue;
import java.util.stream.Collectors;

/** A controller of FastChat, as far as its protocol is described: names addresses in turn and counts every question. */
public final class FastChatControllerMock implements AutoCloseable {

    private final StubPeer peer = new StubPeer();
    private final Queue<String> turn = new ArrayDeque<>();

    public FastChatControllerMock(String... models) {
        String list = Arrays.stream(models).map(model -> "\"" + model + "\"").collect(Collectors.joining(","));
        peer.json("/list_models", "{\"models\": [" + list + "]}");
        peer.on("/get_worker_address", (asked, reply) -> reply.json(200, "{\"address\": \""
                + (List.of(models).contains(asked.json().path("model").textValue()) ? next() : "") + "\"}"));
    }

    private synchronized String next() {
        String address = turn.isEmpty() ? "" : turn.remove();
        if (!address.isEmpty()) {
            turn.add(address);
        }
        return address;
    }

    public URI address() {
        return peer.address();
    }

    /** Names these, one after the other, again and again. */
    public synchronized FastChatControllerMock names(URI... addresses) {
        turn.clear();
        Arrays.stream(addresses).map(URI::toString).forEach(turn::add);
        return this;
    }

    /** How often it was asked for an address. */
    public int questions() {
        return peer.asked("/get_worker_address").size();
    }

    @Override
    public void close() {
        peer.close();
    }
}
