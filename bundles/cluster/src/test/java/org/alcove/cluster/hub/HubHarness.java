package org.alcove.cluster.hub;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.InetAddress;
import java.net.URI;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.alcove.cluster.door.AddressRanges;
import org.alcove.cluster.door.Guard;
import org.alcove.cluster.stub.FakeControl;
import org.alcove.cluster.stub.FakeWorker;
import org.alcove.cluster.stub.Frames;
import org.alcove.cluster.stub.TestDoor;
import org.alcove.cluster.wire.PeerClient;
import org.alcove.cluster.wire.PeerSettings;

/** A controller on a door of its own, with a time that the test moves. */
public final class HubHarness implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    public final FakeControl control = new FakeControl();
    private final AtomicLong nanos = new AtomicLong();
    private final PeerClient client = new PeerClient(PeerSettings.open(PATIENCE, PATIENCE));
    private final Hub hub;
    private final TestDoor door;

    public HubHarness() {
        this(settings(100, 1000, 8), TestDoor.OPEN);
    }

    public HubHarness(HubSettings settings, Guard guard) {
        this(settings, guard, client -> Optional.empty());
    }

    HubHarness(HubSettings settings, Guard guard, Function<PeerClient, Optional<Witness>> witness) {
        this(settings, guard, witness, InetAddress::getAllByName);
    }

    /** @param resolver finds the addresses of hosts */
    HubHarness(HubSettings settings, Guard guard, Function<PeerClient, Optional<Witness>> witness, Surveyor.Resolver resolver) {
        hub = new Hub(settings, new Hub.Tools(control, control, control::publish, client, resolver,
                new Hub.Times(() -> FakeWorker.NOW.plusNanos(nanos.get()), nanos::get), witness.apply(client)));
        door = new TestDoor(guard, TestDoor.LIMITS, hub.routes());
    }

    /** Five seconds between beats, 60 until gone, 600 until forgotten. */
    static HubSettings settings(int mostWorkers, int registrations, int probes) {
        return settings(mostWorkers, registrations, probes, Optional.empty());
    }

    static HubSettings settings(int mostWorkers, int registrations, int probes, Optional<Duration> evidence) {
        return new HubSettings(AddressRanges.NONE, Duration.ofSeconds(5), Duration.ofSeconds(60),
                new Directory.Terms(mostWorkers, Duration.ofSeconds(600), Duration.ofSeconds(60), Duration.ofSeconds(50),
                        evidence),
                Duration.ofSeconds(10), 3, 4, registrations, probes);
    }

    /** Time passes, beat by beat. */
    void pass(int seconds) {
        for (int i = 0; i < seconds; i++) {
            nanos.addAndGet(1_000_000_000L);
            hub.sweep();
        }
    }

    public URI address() {
        return door.address();
    }

    public TestDoor door() {
        return door;
    }

    HttpResponse<String> post(String path, String json) {
        return door.post(path, json);
    }

    JsonNode json(String path, String json) {
        HttpResponse<String> answer = door.post(path, json);
        if (answer.statusCode() != 200) {
            throw new AssertionError(path + ": " + answer.statusCode() + " " + answer.body());
        }
        return Frames.json(answer.body());
    }

    @Override
    public void close() {
        hub.close();
        door.close();
        client.close();
    }
}
