package org.alcove.core;

import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.alcove.api.worker.Failure;
import org.alcove.api.worker.GenerateRequest;

/** Where a request has been, and who is not to be asked again. Used by the thread that reads the answer. */
final class Journey {

    /** A request that makes workers fail is not taken to all of them. */
    private static final int MOST_FAULTS = 3;
    /** An answer that loses a worker so often is given up. */
    private static final int MOST_LOSSES = 8;

    private final GenerateRequest request;
    private final Set<TrackedWorker> failed = new HashSet<>();
    private final Set<TrackedWorker> refused = new HashSet<>();
    private final Set<String> strangers = new HashSet<>();
    private int faults;
    private int losses;
    private String note = "";

    Journey(GenerateRequest request) {
        this.request = request;
    }

    GenerateRequest request() {
        return request;
    }

    /** A worker has not taken the request; whether another one may. */
    boolean refusedBy(CountedChoice choice, Failure failure) {
        (failure instanceof Failure.Internal ? failed : refused).add(choice.tracked());
        note = "after worker " + choice.worker() + " refused (" + failure.message() + "): ";
        return worthAnother(failure);
    }

    /** A worker has failed after it had taken the request; whether another one may go on. */
    boolean failedBy(CountedChoice choice, Failure failure, String deed) {
        failed.add(choice.tracked());
        losses++;
        note = deed + ", because worker " + choice.worker() + " was lost (" + failure.message() + "): ";
        return worthAnother(failure) && losses <= MOST_LOSSES;
    }

    private boolean worthAnother(Failure failure) {
        if (failure instanceof Failure.Internal) {
            faults++;
            return !exhausted();
        }
        return failure instanceof Failure.Overloaded || failure instanceof Failure.Unavailable;
    }

    /** Whether so many workers have answered with a fault of their own that the request is to blame. */
    boolean exhausted() {
        return faults >= MOST_FAULTS;
    }

    /** A worker was chosen elsewhere that is not known here. */
    void stranger(String worker) {
        strangers.add(worker);
        note = "after worker " + worker + " was chosen, which is not known here: ";
    }

    /** Those that only refused may be asked again. */
    void forgive() {
        refused.clear();
        strangers.clear();
    }

    /** What is special about the next choice, for people. */
    String note() {
        return note;
    }

    private boolean excludes(TrackedWorker worker) {
        return failed.contains(worker) || refused.contains(worker);
    }

    Wish wish(Optional<String> fingerprint) {
        return new Wish(request.model(), candidate -> excludes(candidate.tracked()), fingerprint);
    }

    /** Ids of those that are not to be chosen elsewhere. A worker that was started again is another one, of the same id. */
    Set<String> excludedIds(List<WorkerRegistry.Candidate> present) {
        Set<String> ids = Stream.concat(failed.stream(), refused.stream()).map(TrackedWorker::id)
                .collect(Collectors.toCollection(HashSet::new));
        present.stream().filter(candidate -> !excludes(candidate.tracked()))
                .forEach(candidate -> ids.remove(candidate.status().id()));
        ids.addAll(strangers);
        return ids;
    }
}
