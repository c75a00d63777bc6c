package org.alcove.connect;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import org.alcove.api.worker.Failure;
import org.alcove.api.worker.GenerateRequest;
import org.alcove.api.worker.Generation;
import org.alcove.api.worker.GenerationEvent;
import org.alcove.api.worker.RequestException;
import org.alcove.api.worker.ResumeState;

/**
 * An answer that another server goes on with where one is lost. What was told already is not told again. Read by one thread;
 * closed by any.
 */
final class ResumedAnswer implements Generation {

    /** As many as core allows. */
    private static final int MOST_LOSSES = 8;

    /** Who is asked next comes first; who was lost goes to the end. */
    private final Deque<VerifiedServer> servers;
    private final GenerateRequest request;
    /** Replaced under the monitor, by the reader. */
    private Generation current;
    private boolean closed;
    private Optional<GenerationEvent.Started> started = Optional.empty();
    private boolean scored;
    private boolean written;
    /** Where another one can go on from exactly here. */
    private Optional<ResumeState> here = Optional.empty();
    private int losses;

    /** @throws RequestException if nobody takes the request */
    ResumedAnswer(List<VerifiedServer> servers, GenerateRequest request) {
        this.servers = new ArrayDeque<>(servers);
        this.request = request;
        this.current = open(request);
    }

    /** The first who takes it comes first from now on. */
    private Generation open(GenerateRequest asked) {
        RequestException nobody = null;
        for (int i = servers.size(); i > 0; i--) {
            try {
                return servers.getFirst().generate(asked);
            } catch (RequestException e) {
                nobody = e;
                // Whoever cannot go on with what another one began may have other weights: no fault of the request.
                if (losses == 0 && !worthAnother(e.failure())) {
                    throw e;
                }
                servers.addLast(servers.removeFirst());
            }
        }
        throw nobody;
    }

    private static boolean worthAnother(Failure failure) {
        return failure instanceof Failure.Unavailable || failure instanceof Failure.Overloaded
                || failure instanceof Failure.Internal;
    }

    @Override
    public GenerationEvent next() throws InterruptedException {
        while (true) {
            GenerationEvent event = reading().next();
            Optional<GenerationEvent> told = switch (event) {
                case null -> Optional.empty();
                case GenerationEvent.Started first -> take(first);
                case GenerationEvent.PromptScored scores -> {
                    boolean before = scored;
                    scored = true;
                    yield before ? Optional.empty() : Optional.of(scores);
                }
                case GenerationEvent.Delta delta -> {
                    written = true;
                    here = delta.resume();
                    yield Optional.of(delta);
                }
                case GenerationEvent.Finished finished -> Optional.of(finished);
                case GenerationEvent.Failed failed -> mended(failed);
            };
            if (event == null || told.isPresent()) {
                return told.orElse(null);
            }
        }
    }

    /** A second one is told only where nothing else was and it says something else. */
    private Optional<GenerationEvent> take(GenerationEvent.Started first) {
        boolean told = started.isPresent()
                && (scored || written || started.get().fingerprint().equals(first.fingerprint()));
        started = told ? started : Optional.of(first);
        return told ? Optional.empty() : Optional.of(first);
    }

    /** Empty where another one goes on. */
    private Optional<GenerationEvent> mended(GenerationEvent.Failed failed) {
        boolean exactly = !written || here.isPresent();
        if (!exactly || !worthAnother(failed.failure()) || ++losses > MOST_LOSSES) {
            return Optional.of(failed);
        }
        servers.addLast(servers.removeFirst());
        try {
            replace(open(again()));
            return Optional.empty();
        } catch (RequestException nobody) {
            return Optional.of(new GenerationEvent.Failed(new Failure.Unavailable(VerifiedServer.RETRY,
                    failed.failure().message() + "; and nobody could go on with the answer: " + nobody.failure().message())));
        }
    }

    private GenerateRequest again() {
        GenerateRequest.Logprobs logprobs = scored ? new GenerateRequest.Logprobs(request.logprobs().top(), false)
                : request.logprobs();
        return new GenerateRequest(request.model(), here.map(request.context()::withResume).orElse(request.context()),
                request.input(), started.map(first -> request.sampling().withSeed(first.seed())).orElse(request.sampling()),
                request.limits(), logprobs);
    }

    private synchronized Generation reading() {
        return current;
    }

    private synchronized void replace(Generation other) {
        current.close();
        current = other;
        if (closed) {
            other.close();
        }
    }

    @Override
    public int placeInLine() {
        return reading().placeInLine();
    }

    @Override
    public synchronized void close() {
        closed = true;
        current.close();
    }
}
