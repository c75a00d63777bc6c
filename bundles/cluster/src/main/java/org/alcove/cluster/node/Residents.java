package org.alcove.cluster.node;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.alcove.api.worker.Failure;
import org.alcove.api.worker.RequestException;
import org.alcove.api.worker.Worker;
import org.alcove.api.worker.WorkerStatus;
import org.alcove.cluster.wire.WorkerReport;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The workers of this process, in the order in which they came; one model may have several. Thread-safe. */
final class Residents {

    private static final Logger LOG = LoggerFactory.getLogger(Residents.class);

    private final SortedMap<Long, Worker> workers = new TreeMap<>();

    synchronized void add(long service, Worker worker) {
        workers.put(service, worker);
    }

    synchronized void remove(long service) {
        workers.remove(service);
    }

    synchronized List<Worker> all() {
        return List.copyOf(workers.values());
    }

    /** How they stand; of workers of one model the one that comes first, because the model is what others ask for. */
    List<WorkerReport> reports(Instant now) {
        SortedMap<String, WorkerReport> reports = new TreeMap<>();
        for (Worker worker : all()) {
            try {
                WorkerReport report = WorkerReport.of(worker, now);
                reports.merge(report.model().name(), report, Residents::better);
            } catch (RuntimeException | LinkageError | AssertionError | StackOverflowError e) {
                LOG.warn("A worker of this process could not say how it stands; others are not told of it", e);
            }
        }
        return List.copyOf(reports.values());
    }

    private static WorkerReport better(WorkerReport first, WorkerReport second) {
        return first.state() != WorkerStatus.State.READY && second.state() == WorkerStatus.State.READY ? second : first;
    }

    /** The worker of a model; one that is ready where there are several. */
    Worker serving(String model) {
        return find(worker -> worker.model().name().equals(model))
                .orElseThrow(() -> new RequestException(new Failure.UnknownModel(model, "this worker does not serve the model;"
                        + " it serves " + all().stream().map(worker -> worker.model().name()).toList())));
    }

    /** The worker that a FastChat peer means: its workers have one model and do not look at the name. */
    Worker meant(String model) {
        List<Worker> present = all();
        return present.size() == 1 ? present.getFirst() : serving(model);
    }

    private Optional<Worker> find(Predicate<Worker> wanted) {
        List<Worker> found = all().stream().filter(wanted).toList();
        return found.stream().filter(worker -> worker.status().state() == WorkerStatus.State.READY).findFirst()
                .or(() -> found.stream().findFirst());
    }
}
