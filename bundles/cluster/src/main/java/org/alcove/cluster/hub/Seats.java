package org.alcove.cluster.hub;

import java.net.URI;
import java.time.InstantSource;
import java.util.function.Consumer;
import java.util.function.Function;
import org.alcove.api.worker.Worker;
import org.alcove.cluster.remote.ForeignWorker;
import org.alcove.cluster.remote.RemoteSettings;
import org.alcove.cluster.remote.RemoteWorker;
import org.alcove.cluster.remote.ToldWorker;
import org.alcove.cluster.wire.PeerClient;
import org.alcove.cluster.wire.PeerRoute;
import org.alcove.cluster.wire.Protocol;
import org.alcove.cluster.wire.WorkerReport;

/** Makes services of workers elsewhere: one for each model of each process. */
final class Seats {

    private final Function<Worker, Runnable> publisher;
    private final PeerClient own;
    private final PeerClient foreign;
    private final RemoteSettings settings;
    private final InstantSource clock;
    private final Consumer<URI> dismissal;

    /**
     * @param publisher publishes a worker and gives what withdraws it
     * @param client for our own workers; shown to nobody else
     */
    Seats(Function<Worker, Runnable> publisher, PeerClient client, RemoteSettings settings, InstantSource clock) {
        this(publisher, client, settings, clock, address -> { });
    }

    private Seats(Function<Worker, Runnable> publisher, PeerClient client, RemoteSettings settings, InstantSource clock,
            Consumer<URI> dismissal) {
        this.publisher = publisher;
        this.own = client;
        this.foreign = client.anonymous();
        this.settings = settings;
        this.clock = clock;
        this.dismissal = dismissal;
    }

    /** The same, whose workers can be dismissed: who forgets a process is told its address. */
    Seats dismissedBy(Consumer<URI> forgetter) {
        return new Seats(publisher, own, settings, clock, forgetter);
    }

    /** A worker that is a service here. */
    static final class Seat {

        private final ToldWorker worker;
        private final Runnable withdraw;
        private WorkerReport last;

        private Seat(ToldWorker worker, Runnable withdraw, WorkerReport first) {
            this.worker = worker;
            this.withdraw = withdraw;
            this.last = first;
        }

        WorkerReport last() {
            return last;
        }

        void tell(WorkerReport report) {
            last = report;
            worker.tell(report);
        }

        void follow(PeerRoute route) {
            worker.follow(route);
        }

        /** Answers of it that are being read go on. */
        void withdraw() {
            withdraw.run();
            worker.release();
        }
    }

    Seat take(PeerRoute route, Protocol protocol, WorkerReport report) {
        URI address = route.address();
        ToldWorker worker = switch (protocol) {
            case ALCOVE -> new RemoteWorker(address, own, clock, settings, report);
            case FASTCHAT -> new ForeignWorker(address, foreign, clock, settings.foreign(), report);
        };
        worker.follow(route);
        worker.dismissal(() -> dismissal.accept(address));
        return new Seat(worker, publisher.apply(worker), report);
    }
}
