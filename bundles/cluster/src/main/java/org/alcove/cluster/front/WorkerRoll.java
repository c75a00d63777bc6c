package org.alcove.cluster.front;

import java.net.URI;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.LongSupplier;
import org.alcove.api.worker.Worker;
import org.alcove.api.worker.WorkerStatus;
import org.alcove.cluster.remote.ForeignWorker;
import org.alcove.cluster.remote.RemoteSettings;
import org.alcove.cluster.remote.RemoteWorker;
import org.alcove.cluster.remote.ToldWorker;
import org.alcove.cluster.wire.ListedWorker;
import org.alcove.cluster.wire.PeerClient;
import org.alcove.cluster.wire.PeerRoute;
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
        private ListedWorker last;
        private long listed;

        Entry(URI address, Kind kind, ToldWorker worker, Runnable withdraw) {
            this.address = address;
            this.kind = kind;
            this.worker = worker;
            this.withdraw = withdraw;
        }

        /** Answers of it that are being read go on. */
        void leave() {
            withdraw.run();
            worker.release();
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
        forget(now);
    }

    /**
     * These say themselves, asked along the ways that are known here, that they stand so now. That is no word on where they are
     * and what is thought of their evidence: both stay as they were last listed, and whose evidence was not good is not better
     * now. Nor is it one on what they speak: who has begun to listen and has not opened its paths yet looks like one of FastChat.
     *
     * @param vouched whether those of ours among them belong to the cluster
     */
    synchronized void hear(List<ListedWorker> told, boolean vouched) {
        if (closed) {
            return;
        }
        long now = nanos.getAsLong();
        for (ListedWorker worker : told) {
            Optional<Entry> known = entries.values().stream().filter(entry -> entry.last.address().equals(worker.address()))
                    .findFirst();
            if (known.isPresent() && (known.get().last.barred() || known.get().last.protocol() != worker.protocol())) {
                known.get().listed = now;
            } else if (known.isPresent()) {
                take(worker.like(known.get().last), vouched && worker.protocol() == Protocol.ALCOVE, now);
            }
        }
        forget(now);
    }

    private void forget(long now) {
        for (Iterator<Entry> each = entries.values().iterator(); each.hasNext();) {
            Entry entry = each.next();
            if (now - entry.listed > gone.toNanos()) {
                LOG.info("Worker {} has not been listed for {} s and is forgotten", entry.worker.status().id(), gone.toSeconds());
                each.remove();
                entry.leave();
            }
        }
    }

    private void take(ListedWorker listed, boolean vouched, long now) {
        Kind kind = new Kind(listed.protocol(), vouched);
        Optional<PeerRoute> route = listed.route();
        if (route.isEmpty()) {
            LOG.warn("A listed worker has no usable address and is passed over; see the controller's log");
            return;
        }
        String id = WorkerReport.clusterId(route.get().address().toString(), listed.report().model().name());
        Entry entry = entries.get(id);
        if (entry != null && !entry.kind.equals(kind)) {
            entries.remove(id);
            entry.leave();
            entry = null;
        }
        if (entry == null) {
            entry = enter(route.get(), kind, listed.report());
            entries.put(id, entry);
            LOG.info("Worker {} joins ({})", id, listed.protocol().word());
        } else {
            entry.worker.follow(route.get());
            entry.worker.tell(listed.report());
        }
        entry.last = listed;
        entry.listed = now;
    }

    private Entry enter(PeerRoute route, Kind kind, WorkerReport report) {
        URI address = route.address();
        ToldWorker worker = switch (kind.protocol()) {
            case ALCOVE -> new RemoteWorker(address, kind.vouched() ? peers.own() : peers.foreign(), clock, settings, report);
            case FASTCHAT -> new ForeignWorker(address, peers.foreign(), clock, settings.foreign(), report);
        };
        worker.follow(route);
        return new Entry(address, kind, worker, publisher.apply(worker));
    }

    /** Who asks the processes of the workers that may, or may not, be shown the secret, along the ways to them. */
    synchronized Map<URI, PeerClient> ways(boolean vouched) {
        Map<URI, PeerClient> ways = new HashMap<>();
        entries.values().stream().filter(entry -> entry.kind.vouched() == vouched)
                .forEach(entry -> ways.put(entry.address, entry.worker.way()));
        return ways;
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
        new ArrayList<>(entries.values()).forEach(Entry::leave);
        entries.clear();
    }
}
