package org.alcove.core;

import java.util.Optional;
import java.util.Set;
import org.alcove.api.control.RequestObserver.Outcome;
import org.alcove.api.worker.GenerateRequest;
import org.alcove.api.worker.Generation;
import org.alcove.api.worker.GenerationEvent;
import org.alcove.api.worker.RequestException;

/**
 * An answer on its way from a worker to the reader, with its account. A worker that refuses as its first word is replaced by
 * another one; the reader does not notice. Read by one thread; closed by any.
 */
final class RelayedGeneration implements Generation {

    private final GenerateRequest request;
    private final Dispatcher dispatcher;
    private final Set<TrackedWorker> tried;
    private final RequestAccount account;
    /** Replaced under the monitor, by the reader. */
    private volatile Assignment assignment;
    private volatile boolean closed;
    private boolean begun;
    private boolean over;

    RelayedGeneration(GenerateRequest request, Dispatcher dispatcher, Set<TrackedWorker> tried, RequestAccount account,
            Assignment assignment) {
        this.request = request;
        this.dispatcher = dispatcher;
        this.tried = tried;
        this.account = account;
        this.assignment = assignment;
    }

    @Override
    public GenerationEvent next() throws InterruptedException {
        if (over || closed) {
            return null;
        }
        GenerationEvent event = assignment.next();
        while (!begun && !closed && event instanceof GenerationEvent.Failed failed && Dispatcher.worthAnother(failed.failure())) {
            if (!reassign(failed)) {
                break;
            }
            event = assignment.next();
        }
        if (closed) {
            return null;
        }
        GenerationEvent told = event == null ? assignment.cutOff() : event;
        begun = true;
        over = told instanceof GenerationEvent.Finished || told instanceof GenerationEvent.Failed;
        if (over) {
            assignment.close();
        }
        account.saw(told);
        return told;
    }

    /** Whether another worker has taken the request. */
    private boolean reassign(GenerationEvent.Failed refusal) {
        assignment.close();
        try {
            Assignment other = dispatcher.assign(request, tried, Optional.of(refusal.failure()), account);
            synchronized (this) {
                assignment = other;
                if (closed) {
                    other.close();
                }
            }
            return true;
        } catch (RequestException e) {
            return false;
        }
    }

    @Override
    public void close() {
        synchronized (this) {
            closed = true;
            assignment.close();
        }
        account.end(new Outcome.Cancelled());
    }
}
