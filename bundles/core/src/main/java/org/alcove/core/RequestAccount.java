package org.alcove.core;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.alcove.api.control.RequestObserver;
import org.alcove.api.worker.GenerateRequest;
import org.alcove.api.worker.GenerationEvent;

/** What a request takes, from its arrival to its end. Written by its reader; ended by whoever is first. */
final class RequestAccount {

    private final GenerateRequest request;
    private final Time time;
    private final Consumer<RequestObserver.Record> sink;
    private final Instant arrived;
    private final long arrivedNanos;
    private final AtomicBoolean ended = new AtomicBoolean();
    private volatile String worker = "";
    private volatile boolean served;
    private volatile Optional<Duration> firstToken = Optional.empty();
    private volatile int promptTokens;
    private volatile int answerTokens;

    /** @param sink is told once, at the end */
    RequestAccount(GenerateRequest request, Time time, Consumer<RequestObserver.Record> sink) {
        this.request = request;
        this.time = time;
        this.sink = sink;
        this.arrived = time.now();
        this.arrivedNanos = time.nanos();
    }

    /** A worker was chosen; it counts until one serves. */
    void asked(String id) {
        if (!served) {
            worker = id;
        }
    }

    void servedBy(String id) {
        worker = id;
        served = true;
    }

    /** Takes down what an event tells. */
    void saw(GenerationEvent event) {
        switch (event) {
            case GenerationEvent.Started started -> promptTokens = started.promptTokens();
            case GenerationEvent.PromptScored scored -> { }
            case GenerationEvent.Delta delta -> {
                if (firstToken.isEmpty() && !delta.tokens().isEmpty()) {
                    firstToken = Optional.of(elapsed());
                }
                answerTokens += delta.tokens().size();
            }
            case GenerationEvent.Finished finished -> {
                promptTokens = finished.usage().promptTokens();
                answerTokens = finished.usage().completionTokens();
                end(new RequestObserver.Outcome.Done(finished.reason()));
            }
            case GenerationEvent.Failed failed -> end(new RequestObserver.Outcome.Broken(failed.failure()));
        }
    }

    /** Ends the request; a second time changes nothing. */
    void end(RequestObserver.Outcome outcome) {
        if (ended.compareAndSet(false, true)) {
            sink.accept(new RequestObserver.Record(request.context().id(), request.context().tenant(), request.model(), worker,
                    arrived, firstToken, elapsed(), promptTokens, answerTokens, outcome));
        }
    }

    private Duration elapsed() {
        return Duration.ofNanos(time.nanos() - arrivedNanos);
    }
}
