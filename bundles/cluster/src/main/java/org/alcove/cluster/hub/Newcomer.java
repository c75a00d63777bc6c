package org.alcove.cluster.hub;

import java.net.InetAddress;
import java.net.URI;
import java.util.List;
import java.util.Optional;
import org.alcove.cluster.wire.PeerRoute;
import org.alcove.cluster.wire.WorkerReport;

/**
 * A worker process that has been looked at and may come in.
 *
 * @param route where it is reached: its address, and the machine that was looked at
 * @param peer where it spoke from
 * @param instance random id of the process, where it is one of ours
 * @param beats whether it will beat
 * @param multimodal whether it takes images
 * @param answered whether it answered at its address; one of FastChat's may register before it listens
 * @param reports how its workers stand
 */
record Newcomer(PeerRoute route, InetAddress peer, Optional<String> instance, boolean beats, boolean multimodal, boolean answered,
        List<WorkerReport> reports) {

    Newcomer {
        reports = List.copyOf(reports);
    }

    URI address() {
        return route.address();
    }
}
