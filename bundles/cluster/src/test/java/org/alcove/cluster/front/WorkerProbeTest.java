package org.alcove.cluster.front;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.alcove.cluster.stub.StubPeer;
import org.alcove.cluster.wire.Json;
import org.alcove.cluster.wire.ListedWorker;
import org.alcove.cluster.wire.PeerClient;
import org.alcove.cluster.wire.PeerSettings;
import org.alcove.cluster.wire.ProcessReport;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(300)
class WorkerProbeTest {

    private static final String STATUS = "/alcove/v1/status";

    /** One that needs longer than all may: its single questions are waited for, but not so many of them. */
    @Test
    void oneThatIsTooSlowCostsOnlyItsOwnAnswer() {
        Duration patience = Duration.ofSeconds(60);
        try (StubPeer slow = new StubPeer(); StubPeer well = new StubPeer();
                PeerClient hurried = new PeerClient(PeerSettings.open(Duration.ofSeconds(1), Duration.ofSeconds(1)));
                PeerClient patient = new PeerClient(PeerSettings.open(patience, patience))) {
            slow.on(STATUS, (asked, reply) -> reply.awaitHangUp());
            well.json(STATUS, new String(Json.bytes(new ProcessReport("i", List.of(Harness.report("m"))).json()),
                    StandardCharsets.UTF_8));
            Map<URI, PeerClient> ways = new LinkedHashMap<>();
            ways.put(slow.address(), patient);
            ways.put(well.address(), patient);
            assertEquals(List.of(well.address().toString()),
                    new WorkerProbe(hurried, InstantSource.system()).ask(ways).stream().map(ListedWorker::address).toList());
        }
    }
}
