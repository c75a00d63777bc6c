package org.alcove.cluster.front;

import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.alcove.api.control.WorkerChoice;
import org.alcove.api.worker.ModelCard;
import org.alcove.api.worker.Worker;
import org.alcove.api.worker.WorkerStatus;
import org.alcove.cluster.remote.RemoteSettings;
import org.alcove.cluster.wire.ListedWorker;
import org.alcove.cluster.wire.PeerClient;
import org.alcove.cluster.wire.PeerSettings;
import org.alcove.cluster.wire.Protocol;
import org.alcove.cluster.wire.Requests;
import org.alcove.cluster.wire.Secret;
import org.alcove.cluster.wire.WorkerReport;

/** The front of an API process whose time is turned by hand and whose rounds are asked for. */
final class Harness implements AutoCloseable {

    static final String SECRET = "0123456789abcdef";
    static final Instant NOW = Instant.parse("2026-01-31T10:00:00Z");
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    final Map<String, Worker> published = new ConcurrentHashMap<>();
    final AtomicLong nanos = new AtomicLong();
    final Front front;
    private final PeerClient client;

    Harness(URI controller) throws Exception {
        this(controller, Optional.of(Secret.of(SECRET, "the test")));
    }

    Harness(URI controller, Optional<Secret> secret) {
        client = new PeerClient(new PeerSettings(secret, Optional.empty(), PATIENCE, PATIENCE, 1 << 20, false));
        InstantSource clock = InstantSource.fixed(NOW);
        WorkerProbe strangers = new WorkerProbe(client.anonymous(), clock);
        ControllerLink link = new ControllerLink(controller, client, strangers, Duration.ofSeconds(2), nanos::get);
        WorkerRoll roll = new WorkerRoll(this::publish, new WorkerRoll.Peers(client, client.anonymous()),
                RemoteSettings.stalling(PATIENCE), new WorkerRoll.Times(clock, nanos::get, Duration.ofSeconds(60)));
        front = new Front(link, roll, new Front.Probes(new WorkerProbe(client, clock), strangers));
    }

    private Runnable publish(Worker worker) {
        String id = worker.status().id();
        published.put(id, worker);
        return () -> published.remove(id);
    }

    /** Asks for a worker of the model m. */
    WorkerChoice choose() {
        return front.choose(Requests.chat("m", "hello"), Set.of(), Optional.empty());
    }

    void pass(Duration time) {
        nanos.addAndGet(time.toNanos());
    }

    static WorkerReport report(String model) {
        return new WorkerReport(new ModelCard(model, "llama", 2048, 32000, "sym_int4", "chatml", "print", NOW), "local-" + model,
                WorkerStatus.State.READY, "", 41.5, 3, true, Duration.ofMillis(120), WorkerStatus.Load.NONE);
    }

    static ListedWorker listed(String address, Protocol protocol, String model) {
        return new ListedWorker(address, protocol, report(model).withId(WorkerReport.clusterId(address, model)));
    }

    @Override
    public void close() {
        client.close();
    }
}
