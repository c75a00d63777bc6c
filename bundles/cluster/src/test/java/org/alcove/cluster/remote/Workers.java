package org.alcove.cluster.remote;

import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import org.alcove.api.worker.Generation;
import org.alcove.api.worker.GenerationEvent;
import org.alcove.api.worker.ModelCard;
import org.alcove.api.worker.WorkerStatus;
import org.alcove.cluster.stub.StubPeer;
import org.alcove.cluster.wire.PeerClient;
import org.alcove.cluster.wire.PeerSettings;
import org.alcove.cluster.wire.WorkerReport;

/** What tests of remote workers need. */
final class Workers {

    static final Instant NOW = Instant.parse("2026-01-31T10:00:00Z");
    static final Duration PATIENCE = Duration.ofSeconds(60);

    private Workers() {
    }

    static PeerClient client() {
        return new PeerClient(PeerSettings.open(PATIENCE, PATIENCE));
    }

    static WorkerReport report(String fingerprint) {
        return new WorkerReport(new ModelCard("m", "llama", 2048, 32000, "sym_int4", "chatml", fingerprint, NOW), "local-m",
                WorkerStatus.State.READY, "", 41.5, 3, true, Duration.ofMillis(120), WorkerStatus.Load.NONE);
    }

    static RemoteWorker remote(StubPeer peer, PeerClient client, Duration stall) {
        return new RemoteWorker(peer.address(), client, InstantSource.fixed(NOW), new RemoteSettings(stall, 1 << 16),
                report("print"));
    }

    /** All events to the end. */
    static List<GenerationEvent> read(Generation answer) throws InterruptedException {
        List<GenerationEvent> events = new ArrayList<>();
        for (GenerationEvent event = answer.next(); event != null; event = answer.next()) {
            events.add(event);
        }
        return events;
    }
}
