package org.alcove.cluster.front;

import java.io.IOException;
import java.net.URI;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.alcove.cluster.remote.ForeignProbe;
import org.alcove.cluster.wire.ListedWorker;
import org.alcove.cluster.wire.PeerClient;
import org.alcove.cluster.wire.ProcessReport;
import org.alcove.cluster.wire.Protocol;
import org.alcove.cluster.wire.WireException;
import org.alcove.cluster.wire.WorkerReport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks workers themselves how they stand, all at the same time; those that do not answer in time are left out. */
final class WorkerProbe {

    private static final Logger LOG = LoggerFactory.getLogger(WorkerProbe.class);
    private static final int NOT_FOUND = 404;

    private final PeerClient client;
    private final InstantSource clock;
    private final Map<String, String> fingerprints = new ConcurrentHashMap<>();

    WorkerProbe(PeerClient client, InstantSource clock) {
        this.client = client;
        this.clock = clock;
    }

    /** Fingerprint of a worker's model, as it last told; empty where it has none or did not tell. */
    String fingerprint(String id) {
        return fingerprints.getOrDefault(id, "");
    }

    /** How the workers at these addresses stand. */
    List<ListedWorker> ask(Collection<String> addresses) {
        Map<URI, PeerClient> ways = new HashMap<>();
        addresses.forEach(address -> ways.put(URI.create(address), client));
        return ask(ways);
    }

    /** The same, each process asked by the client that knows the way. */
    List<ListedWorker> ask(Map<URI, PeerClient> ways) {
        List<Callable<List<ListedWorker>>> questions = new ArrayList<>();
        ways.forEach((address, way) -> questions.add(() -> reports(address, way)));
        List<ListedWorker> answers = new ArrayList<>();
        long limit = client.settings().connect().plus(client.settings().answer()).toNanos();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            for (Future<List<ListedWorker>> answer : threads.invokeAll(questions, limit, TimeUnit.NANOSECONDS)) {
                answers.addAll(told(answer));
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        return answers;
    }

    /** What came of one question, which is over: one that failed, or was given up, takes no other's answer along. */
    private static List<ListedWorker> told(Future<List<ListedWorker>> answer) {
        if (answer.state() == Future.State.SUCCESS) {
            return answer.resultNow();
        }
        LOG.debug("A worker could not be asked", answer.state() == Future.State.FAILED ? answer.exceptionNow() : null);
        return List.of();
    }

    private List<ListedWorker> reports(URI address, PeerClient way) {
        try {
            List<ListedWorker> answers = asked(address, way);
            answers.forEach(answer -> fingerprints.put(answer.report().id(), answer.report().model().fingerprint()));
            return answers;
        } catch (IOException | WireException e) {
            LOG.debug("Worker {} does not say how it stands: {}", address, e.getMessage());
            return List.of();
        }
    }

    private List<ListedWorker> asked(URI address, PeerClient way) throws IOException {
        PeerClient.Answer status = way.get(address, "/alcove/v1/status");
        if (status.fine()) {
            return ProcessReport.of(status.fields()).workers().stream()
                    .map(report -> listed(address, Protocol.ALCOVE, report)).toList();
        }
        if (status.status() != NOT_FOUND) {
            throw WireException.malformed("it answers with HTTP status " + status.status());
        }
        return ForeignProbe.reports(address, way, clock.instant()).stream()
                .map(report -> listed(address, Protocol.FASTCHAT, report)).toList();
    }

    private static ListedWorker listed(URI address, Protocol protocol, WorkerReport report) {
        return new ListedWorker(address.toString(), protocol,
                report.withId(WorkerReport.clusterId(address.toString(), report.model().name())));
    }
}
