package org.alcove.cluster.hub;

import java.net.InetAddress;
import java.net.URI;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;
import org.alcove.cluster.wire.ListedWorker;
import org.alcove.cluster.wire.PeerRoute;
import org.alcove.cluster.wire.ProcessReport;
import org.alcove.cluster.wire.Protocol;
import org.alcove.cluster.wire.WorkerReport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The processes with workers, by address, in the order in which they registered. Each model of each is a service of this
 * process; whether one is late or gone is for core to see, which looks at all workers alike. Thread-safe.
 */
final class Directory implements AutoCloseable {

    private static final Logger LOG = LoggerFactory.getLogger(Directory.class);

    private final Seats seats;
    private final LongSupplier nanos;
    private final Terms terms;
    private final Map<URI, Member> members = new LinkedHashMap<>();
    private boolean closed;

    /**
     * How long silence is borne with.
     *
     * @param most workers, all processes together
     * @param forget silence after which a process is forgotten
     * @param goodbye the same for one that has taken its leave, or that has never answered at its address
     * @param foreignBeat silence of a FastChat worker that is no missed beat
     * @param evidence how long evidence counts before it is asked for anew; absent where none is demanded
     */
    record Terms(int most, Duration forget, Duration goodbye, Duration foreignBeat, Optional<Duration> evidence) {
    }

    /** @param nanos time that only goes forward */
    Directory(Seats seats, Terms terms, LongSupplier nanos) {
        this.seats = seats.dismissedBy(this::dismiss);
        this.terms = terms;
        this.nanos = nanos;
    }

    /** How many workers may be added besides those there are; what stands at this address will be replaced. */
    synchronized int room(URI address) {
        return terms.most() - members.values().stream().filter(member -> !member.origin().address().equals(address))
                .mapToInt(Member::size).sum();
    }

    /** The most workers. */
    int most() {
        return terms.most();
    }

    /** Whether none but processes with acceptable evidence are sent requests. */
    boolean demanding() {
        return terms.evidence().isPresent();
    }

    /** Lets a process in. Another one that stood at its address is gone. */
    synchronized void enter(Newcomer newcomer) {
        if (closed) {
            return;
        }
        Member before = members.get(newcomer.address());
        boolean same = before != null && newcomer.instance().isPresent() && !before.left()
                && newcomer.instance().equals(before.origin().instance());
        if (before != null && !same) {
            members.remove(newcomer.address());
            before.withdraw();
            LOG.info("Worker {} was started anew", newcomer.address());
        }
        Member member = same ? before.from(newcomer) : new Member(newcomer, terms.evidence().map(Credence::new));
        members.put(newcomer.address(), member);
        member.credence().ifPresent(Credence::doubt);
        member.hear(newcomer.reports(), seats, room(newcomer.address()) - member.size(), nanos.getAsLong());
        if (!same) {
            LOG.info("Worker {} registers ({}), with {} models", newcomer.address(), member.protocol().word(), member.size());
        }
    }

    /** A process of ours beats; false where it is not known, or is another one than that known. */
    synchronized boolean beat(URI address, ProcessReport report) {
        Member member = members.get(address);
        if (member == null || !member.origin().instance().equals(Optional.of(report.instance()))) {
            return false;
        }
        member.hear(report.workers(), seats, room(address) - member.size(), nanos.getAsLong());
        return true;
    }

    /** A process of FastChat beats; false where it is not known, or speaks from elsewhere than when it registered. */
    synchronized boolean beat(URI address, InetAddress peer, int queueLength) {
        Member member = members.get(address);
        if (member == null || member.protocol() != Protocol.FASTCHAT || !member.origin().peer().equals(peer)) {
            return false;
        }
        member.hear(queueLength, seats, nanos.getAsLong());
        return true;
    }

    /** A process of ours takes its leave. */
    synchronized void leave(URI address, String instance) {
        Member member = members.get(address);
        if (member != null && member.origin().instance().equals(Optional.of(instance))) {
            member.leave();
            LOG.info("Worker {} takes its leave", address);
        }
    }

    /** A process is forgotten with all its workers; if it still beats it is asked to register anew. */
    synchronized void dismiss(URI address) {
        Member member = members.get(address);
        if (member != null) {
            forget(member, "it was removed here");
        }
    }

    /** Whom to ask for evidence now; each is told of once, until it is {@linkplain #judged judged}. */
    synchronized List<Witness.Question> questions() {
        long now = nanos.getAsLong();
        return members.values().stream().filter(member -> member.size() > 0 && !member.left())
                .filter(member -> member.credence().filter(credence -> credence.ask(now)).isPresent())
                .map(member -> new Witness.Question(member.origin().route(), member.origin().instance().orElse(""),
                        member.listed().getFirst().report().model().name())).toList();
    }

    /** A process was asked for its evidence; what it last said of its workers counts from now on, or no longer. */
    synchronized void judged(Witness.Question question, Witness.Testimony testimony) {
        URI address = question.route().address();
        Member member = members.get(address);
        if (member != null && member.origin().instance().equals(Optional.of(question.instance()))) {
            member.credence().ifPresent(credence -> credence.judge(testimony, address, nanos.getAsLong()));
            member.retell();
        }
    }

    /** A process of FastChat was asked at its address, and answered this. */
    synchronized void answered(URI address, List<WorkerReport> reports) {
        Member member = members.get(address);
        if (member != null && member.protocol() == Protocol.FASTCHAT) {
            boolean first = !member.answered();
            member.answers();
            member.hear(reports, seats, room(address) - member.size(), nanos.getAsLong());
            if (first) {
                LOG.info("Worker {} answers at its address now", address);
            }
        }
    }

    /** A process of FastChat was asked at its address, and did not answer: one that does not beat is gone. */
    synchronized void silent(URI address) {
        Member member = members.get(address);
        if (member != null && member.protocol() == Protocol.FASTCHAT && !member.origin().beats() && member.answered()) {
            forget(member, "it no longer answers and does not beat");
        }
    }

    /** Processes of FastChat; those alone that have not answered at their address yet, or all of them. */
    synchronized List<PeerRoute> foreign(boolean unanswered) {
        return members.values().stream().filter(member -> member.protocol() == Protocol.FASTCHAT)
                .filter(member -> !unanswered || !member.answered()).map(member -> member.origin().route()).toList();
    }

    /** Looks who has been silent for how long. */
    synchronized void sweep() {
        long now = nanos.getAsLong();
        for (Member member : List.copyOf(members.values())) {
            Duration silence = member.silence(now);
            boolean brief = member.left() || !member.answered();
            boolean mortal = member.origin().beats() || brief;
            if (mortal && silence.compareTo(brief ? terms.goodbye() : terms.forget()) > 0) {
                forget(member, "nothing was heard of it for " + silence.toSeconds() + " s");
            } else {
                member.miss(terms.foreignBeat(), now);
                member.age(now);
            }
        }
    }

    private void forget(Member member, String why) {
        members.remove(member.origin().address());
        member.withdraw();
        LOG.info("Worker {} is forgotten: {}", member.origin().address(), why);
    }

    /** All workers, as they last said they stand. */
    synchronized List<ListedWorker> listed() {
        return members.values().stream().flatMap(member -> member.listed().stream()).toList();
    }

    /** The worker of an id. */
    synchronized Optional<ListedWorker> find(String id) {
        return listed().stream().filter(worker -> worker.report().id().equals(id)).findFirst();
    }

    /** The workers of processes that take images, or of the others. */
    synchronized List<ListedWorker> listed(boolean multimodal) {
        return members.values().stream().filter(member -> member.origin().multimodal() == multimodal)
                .flatMap(member -> member.listed().stream()).toList();
    }

    /** Withdraws all. */
    @Override
    public synchronized void close() {
        closed = true;
        members.values().forEach(Member::withdraw);
        members.clear();
    }
}
