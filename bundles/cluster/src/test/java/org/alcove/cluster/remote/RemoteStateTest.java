package org.alcove.cluster.remote;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.net.URI;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.atomic.AtomicReference;
import org.alcove.api.worker.WorkerStatus;
import org.alcove.cluster.stub.StubPeer;
import org.alcove.cluster.wire.PeerClient;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(300)
class RemoteStateTest {

    private final StubPeer peer = new StubPeer();
    private final PeerClient client = Workers.client();

    @AfterEach
    void close() {
        peer.close();
        client.close();
    }

    @Test
    void itStandsAsItWasToldWithTheIdOfTheWholeCluster() {
        AtomicReference<Instant> now = new AtomicReference<>(Workers.NOW);
        RemoteWorker told = new RemoteWorker(URI.create("http://10.0.0.7:21002"), client, (InstantSource) now::get,
                RemoteSettings.stalling(Workers.PATIENCE), Workers.report("print"));
        WorkerStatus status = told.status();
        assertEquals("http://10.0.0.7:21002#m", status.id());
        assertEquals(List.of("m"), status.models());
        assertEquals(Workers.NOW.minusMillis(120), status.lastBeat());
        now.set(Workers.NOW.plusSeconds(5));
        assertEquals(Workers.NOW.minusMillis(120), told.status().lastBeat());
        told.tell(Workers.report("print").withState(WorkerStatus.State.DRAINING, "asked to"));
        assertEquals(Workers.NOW.plusSeconds(5).minusMillis(120), told.status().lastBeat());
        assertEquals(WorkerStatus.State.DRAINING, told.status().state());
    }

    @Test
    void itIsAskedToDrainAndToReopen() {
        peer.json("/alcove/v1/drain", "{}").json("/alcove/v1/reopen", "{}");
        RemoteWorker worker = Workers.remote(peer, client, Workers.PATIENCE);
        worker.drain();
        worker.reopen();
        assertEquals("m", peer.asked("/alcove/v1/drain").getFirst().json().path("model").textValue());
        assertEquals("m", peer.asked("/alcove/v1/reopen").getFirst().json().path("model").textValue());
    }
}
