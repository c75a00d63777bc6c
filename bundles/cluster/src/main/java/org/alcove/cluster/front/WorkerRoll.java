package org.alcove.cluster.front;

import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.alcove.api.worker.Worker;
import org.alcove.api.worker.WorkerStatus;
import org.alcove.cluster.remote.ForeignWorker;
import org.alcove.cluster.remote.RemoteSettings;
import org.alcove.cluster.remote.RemoteWorker;
import org.alcove.cluster.remote.ToldWorker;
import org.alcove.cluster.wire.ListedWorker;
import org.alcove.cluster.wire.PeerAddress;
import org.alcove.cluster.wire.PeerClient;
import org.alcove.cluster.wire.Protocol;
import org.alcove.cluster.wire.WorkerReport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The workers of the controller, each published as a service of this process. One that is listed no more stays for a while, for
 * the controller may have been restarted and know it again soon; it ages, because nobody tells how it stands. Thread-safe.
 */
final class WorkerRoll implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(WorkerRoll.class);

    private final Function<Worker, Runnable> publisher;
    private final Peers peers;
    private final InstantSource clock;
    private final RemoteSettings settings;
    private final Duration gone;
    private final LongSupplier nanos;
    private final Map<String, Entry> entries = new HashMap<>();
    private boolean closed;

    /**
     * Clients for workers.
     *
     * @param own for those of ours
     * @param foreign for others
     */
    record Peers(PeerClient own, PeerClient foreign) {
    }

    /**
     * Times.
     *
     * @param gone how long a worker that is listed no more stays
     */
    record Times(InstantSource clock, LongSupplier nanos, Duration gone) {
    }

    /**
     * What tells whether a worker is still the same.
     *
     * @param vouched whether it may be shown the secret
     */
    private record Kind(Protocol protocol, boolean vouched) {
    }

    private static final class Entry {

        private final URI address;
        private final Kind kind;
        private final ToldWorker worker;
        private final Runnable withdraw;
        private long listed;

        Entry(URI address, Kind kind, ToldWorker worker, Runnable withdraw) {
            this.address = address;
            this.kind = kind;
            this.worker = worker;
            this.withdraw = withdraw;
        }
    }

    /** @param publisher publishes a worker and gives what withdraws it */
    WorkerRoll(Function<Worker, Runnable> publisher, Peers peers, RemoteSettings settings, Times times) {
        this.publisher = publisher;
        this.peers = peers;
        this.settings = settings;
        this.clock = times.clock();
        this.nanos = times.nanos();
        this.gone = times.gone();
    }

    /**
     * These stand so now. Others are kept, or go if they have not been told of for too long.
     *
     * @param vouched whether the one who lists them says that those of ours belong to the cluster
     */
    synchronized void update(List<ListedWorker> listed, boolean vouched) {
        if (closed) {
            return;
        }
        long now = nanos.getAsLong();
        for (ListedWorker worker : listed) {
            take(worker, vouched && worker.protocol() == Protocol.ALCOVE, now);
        }
        for (Iterator<Entry> each = entries.values().iterator(); each.hasNext();) {
            Entry entry = each.next();
            if (now - entry.listed > gone.toNanos()) {
                LOG.info("Worker {} has not been listed for {} s and is forgotten", entry.worker.status().id(), gone.toSeconds());
                each.remove();
                entry.withdraw.run();
            }
        }
    }

    private void take(ListedWorker listed, boolean vouched, long now) {
        Kind kind = new Kind(listed.protocol(), vouched);
        Optional<URI> address = PeerAddress.parse(listed.address());
        if (address.isEmpty()) {
            LOG.warn("A listed worker has no usable address and is passed over; see the controller's log");
            return;
        }
        String id = WorkerReport.clusterId(address.get().toString(), listed.report().model().name());
        Entry entry = entries.get(id);
        if (entry != null && !entry.kind.equals(kind)) {
            entries.remove(id);
            entry.withdraw.run();
            entry = null;
        }
        if (entry == null) {
            entry = enter(address.get(), kind, listed.report());
            entries.put(id, entry);
            LOG.info("Worker {} joins ({})", id, listed.protocol().word());
        } else {
            entry.worker.tell(listed.report());
        }
        entry.listed = now;
    }

    private Entry enter(URI address, Kind kind, WorkerReport report) {
        ToldWorker worker = switch (kind.protocol()) {
            case ALCOVE -> new RemoteWorker(address, kind.vouched() ? peers.own() : peers.foreign(), clock, settings, report);
            case FASTCHAT -> new ForeignWorker(address, peers.foreign(), clock, settings.foreign(), report);
        };
        return new Entry(address, kind, worker, publisher.apply(worker));
    }

    /** Addresses of the workers that may, or may not, be shown the secret. */
    synchronized Set<String> addresses(boolean vouched) {
        Set<String> addresses = new HashSet<>();
        entries.values().stream().filter(entry -> entry.kind.vouched() == vouched)
                .forEach(entry -> addresses.add(entry.address.toString()));
        return addresses;
    }

    /** Whether a worker is known by this id. */
    synchronized boolean knows(String id) {
        return entries.containsKey(id);
    }

    /** Whether a worker for the model was well when it was last told of. */
    synchronized boolean serves(String model) {
        return entries.values().stream().map(entry -> entry.worker.status())
                .anyMatch(status -> status.models().contains(model) && status.state() == WorkerStatus.State.READY);
    }

    /** Withdraws all. */
    @Override
    public synchronized void close() {
        closed = true;
        new ArrayList<>(entries.values()).forEach(entry -> entry.withdraw.run());
        entries.clear();
    }
}
