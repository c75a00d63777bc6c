package org.alcove.cluster.remote;

import java.net.URI;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Optional;
import org.alcove.api.worker.ModelCard;
import org.alcove.api.worker.Worker;
import org.alcove.api.worker.WorkerStatus;
import org.alcove.cluster.wire.PeerClient;
import org.alcove.cluster.wire.PeerRoute;
import org.alcove.cluster.wire.WorkerReport;

/**
 * A worker in another process. It knows of its state what it is told ({@link #tell}), by the worker's beats in a controller and
 * by the controller's list in an API process; asked for its status it asks nobody.
 */
public abstract sealed class ToldWorker implements Worker permits RemoteWorker, ForeignWorker {

    private final String id;
    private final InstantSource clock;
    private final Exchanges exchanges;
    private final RemoteSettings settings;
    private volatile Report last;
    private volatile Optional<Runnable> dismissal = Optional.empty();

    private record Report(WorkerReport report, Instant when) {
    }

    /**
     * @param address of the worker's process, without a path
     * @param client not closed here
     * @param first how it stands
     */
    ToldWorker(URI address, PeerClient client, InstantSource clock, RemoteSettings settings, WorkerReport first) {
        this.id = WorkerReport.clusterId(address.toString(), first.model().name());
        this.clock = clock;
        this.exchanges = new Exchanges(address, client, id);
        this.settings = settings;
        tell(first);
    }

    /** It stands like this now; what it calls itself does not matter. */
    public final void tell(WorkerReport report) {
        last = new Report(report, clock.instant());
    }

    /** It is reached along this way from now on. */
    public final void follow(PeerRoute route) {
        exchanges.follow(route);
    }

    /** Who asks its process, along the way to it. */
    public final PeerClient way() {
        return exchanges.way();
    }

    /** It is asked nothing more; answers of it that are being read go on. */
    public final void release() {
        exchanges.release();
    }

    /** How the process that keeps it forgets it. Until this is told, nobody can. */
    public final void dismissal(Runnable deed) {
        dismissal = Optional.of(deed);
    }

    @Override
    public final void dismiss() {
        dismissal.ifPresentOrElse(Runnable::run, Worker.super::dismiss);
    }

    @Override
    public final WorkerStatus status() {
        Report now = last;
        return RemoteStatus.of(id, now.report(), now.when());
    }

    @Override
    public final ModelCard model() {
        return last.report().model();
    }

    /** Its id for the whole cluster. */
    final String id() {
        return id;
    }

    /** The way to it. */
    final Exchanges exchanges() {
        return exchanges;
    }

    /** What is borne with from it. */
    final RemoteSettings settings() {
        return settings;
    }
}
