package org.alcove.cluster.hub;

import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import org.alcove.api.control.WorkerChoice;
import org.alcove.api.control.WorkerChooser;
import org.alcove.api.worker.Failure;
import org.alcove.api.worker.Request;
import org.alcove.api.worker.RequestException;
import org.alcove.cluster.wire.ListedWorker;
import org.alcove.cluster.wire.Vacancy;

/**
 * A choice of a worker in another process.
 *
 * @param choice to be closed by whoever has it
 * @param worker where it is
 */
record ListedChoice(WorkerChoice choice, ListedWorker worker) {

    /**
     * Chooses among the workers of the directory. One that leaves in that moment is passed over.
     *
     * @throws RequestException if there is none left, for the chooser's reason; where the directory is empty, for that one
     */
    static ListedChoice of(WorkerChooser chooser, Directory directory, Request request, Set<String> excluded,
            Optional<String> fingerprint) {
        Set<String> passedOver = new HashSet<>(excluded);
        while (true) {
            WorkerChoice choice;
            try {
                choice = chooser.choose(request, passedOver, fingerprint);
            } catch (RequestException e) {
                throw e.failure() instanceof Failure.UnknownModel && directory.listed().isEmpty() ? Vacancy.refusal() : e;
            }
            Optional<ListedWorker> worker = directory.find(choice.worker());
            if (worker.isPresent()) {
                return new ListedChoice(choice, worker.get());
            }
            choice.close();
            passedOver.add(choice.worker());
        }
    }
}
