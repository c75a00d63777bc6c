package org.alcove.cluster.hub;

import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import org.alcove.api.worker.WorkerStatus;
import org.alcove.cluster.wire.ListedWorker;
import org.alcove.cluster.wire.PeerRoute;
import org.alcove.cluster.wire.Protocol;
import org.alcove.cluster.wire.WorkerReport;

/** A process with workers, and what it last said of them. Guarded by its directory. */
final class Member {

    private static final String LEAVES = "its process takes its leave";
    private static final String SILENT = "it has not answered at its address yet";

    private Newcomer origin;
    private final Optional<Credence> credence;
    private final Map<String, Seats.Seat> seats = new LinkedHashMap<>();
    /** What it said, whatever is thought of it. */
    private final Map<String, WorkerReport> told = new LinkedHashMap<>();
    private long heard;
    private boolean answered;
    private boolean left;
    private boolean overdue;

    /** @param credence what is thought of its evidence; absent where none is demanded */
    Member(Newcomer origin, Optional<Credence> credence) {
        this.origin = origin;
        this.credence = credence;
        this.answered = origin.answered();
    }

    /** It has registered once more: it is where it was found this time. */
    Member from(Newcomer again) {
        origin = again;
        follow();
        return this;
    }

    /** The way to it: where it was looked at, and to the key that its evidence holds alone. */
    private PeerRoute route() {
        return origin.route().showing(credence.flatMap(Credence::tlsKey));
    }

    private void follow() {
        seats.values().forEach(seat -> seat.follow(route()));
    }

    Newcomer origin() {
        return origin;
    }

    Optional<Credence> credence() {
        return credence;
    }

    Protocol protocol() {
        return origin.instance().isPresent() ? Protocol.ALCOVE : Protocol.FASTCHAT;
    }

    boolean answered() {
        return answered;
    }

    boolean left() {
        return left;
    }

    int size() {
        return seats.size();
    }

    Duration silence(long now) {
        return Duration.ofNanos(now - heard);
    }

    /** It answers at its address, which has been tried. */
    void answers() {
        answered = true;
    }

    /** It says how it stands; what it no longer names goes, what is new comes, as far as there is room. */
    void hear(List<WorkerReport> reports, Seats makes, int room, long now) {
        heard = now;
        overdue = false;
        told.clear();
        reports.forEach(report -> told.put(report.model().name(), report));
        Set<String> named = reports.stream().map(report -> report.model().name()).collect(Collectors.toSet());
        seats.entrySet().removeIf(entry -> {
            boolean gone = !named.contains(entry.getKey());
            if (gone) {
                entry.getValue().withdraw();
            }
            return gone;
        });
        int free = room;
        for (WorkerReport report : reports) {
            Seats.Seat seat = seats.get(report.model().name());
            if (seat != null) {
                seat.tell(seen(report));
            } else if (free-- > 0) {
                seats.put(report.model().name(), makes.take(route(), protocol(), seen(report)));
            }
        }
    }

    /** A FastChat worker beats: it tells one queue, whatever its models. */
    void hear(int queueLength, Seats makes, long now) {
        hear(seats.values().stream().map(seat -> seat.last().withState(WorkerStatus.State.READY, "")
                .withQueueLength(queueLength)).toList(), makes, 0, now);
    }

    /** It takes its leave: it is sent nothing more. */
    void leave() {
        left = true;
        retell();
    }

    /** What is thought of it has changed. */
    void retell() {
        follow();
        seats.forEach((model, seat) -> seat.tell(seen(told.get(model))));
    }

    /** Evidence that could not be had anew counts no longer one day. */
    void age(long now) {
        if (credence.filter(thought -> thought.age(origin.address(), now)).isPresent()) {
            retell();
        }
    }

    /**
     * A FastChat worker's beats are far apart, and it cannot be told to beat more often. Until one is missed it counts as one
     * that does not beat; from then on as one that has been silent since.
     */
    void miss(Duration allowed, long now) {
        if (protocol() == Protocol.FASTCHAT && origin.beats() && !overdue && silence(now).compareTo(allowed) > 0) {
            overdue = true;
            seats.values().forEach(seat -> seat.tell(beating(seat.last(), true).withBeatAge(silence(now))));
        }
    }

    private WorkerReport seen(WorkerReport report) {
        WorkerReport seen = protocol() == Protocol.ALCOVE ? report : beating(report, false);
        if (left) {
            return seen.withState(WorkerStatus.State.DRAINING, LEAVES);
        }
        return answered ? credence.map(thought -> thought.seen(seen)).orElse(seen)
                : seen.withState(WorkerStatus.State.STARTING, SILENT);
    }

    private static WorkerReport beating(WorkerReport report, boolean heartbeat) {
        return new WorkerReport(report.model(), report.id(), report.state(), report.reason(), report.speed(),
                report.queueLength(), heartbeat, report.beatAge(), report.load(), report.computing());
    }

    /** Its workers as they stand in lists. */
    List<ListedWorker> listed() {
        String address = origin.address().toString();
        return seats.values().stream().map(Seats.Seat::last).map(report -> ListedWorker.along(route(), protocol(),
                report.withId(WorkerReport.clusterId(address, report.model().name())),
                credence.map(Credence::word).orElse(""))).toList();
    }

    /** Its workers are services no longer. */
    void withdraw() {
        seats.values().forEach(Seats.Seat::withdraw);
        seats.clear();
    }
}
