package org.alcove.core;

import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.alcove.api.worker.Failure;
import org.alcove.api.worker.GenerateRequest;
import org.alcove.api.worker.Generation;
import org.alcove.api.worker.GenerationEvent;
import org.alcove.api.worker.ResumeState;
import org.alcove.api.worker.TokenProbability;

/**
 * Writes a text, a character for each token, one character late, as if it might begin a stop string: what was held back comes at
 * the end, in an event of its own without a state. Can be lost before any of its events.
 */
final class Scribe implements Generation {

    /** What becomes of it when its time has come. */
    enum End { THROWS, STOPS, UNAVAILABLE, INTERNAL, HANGS }

    private final String text;
    private final String fingerprint;
    private final GenerateRequest request;
    private final int lostBefore;
    private final End end;
    private final CountDownLatch hang = new CountDownLatch(1);
    private int position;
    private int event;
    private boolean flushed;
    private boolean over;

    /** @param lostBefore number of the event of this worker before which it is lost */
    Scribe(String text, FakeWorker worker, GenerateRequest request, int lostBefore, End end) {
        this.text = text;
        this.fingerprint = worker.fingerprint;
        this.request = request;
        this.lostBefore = lostBefore;
        this.end = end;
        this.position = request.context().resume().map(state -> ByteBuffer.wrap(state.state()).getInt()).orElse(0);
    }

    /** A worker that never fails. */
    static void writes(String text, FakeWorker worker) {
        worker.answers = request -> new Scribe(text, worker, request, Integer.MAX_VALUE, End.STOPS);
    }

    /** A worker that is lost once in each answer. */
    static void writes(String text, FakeWorker worker, int lostBefore, End end) {
        worker.answers = request -> new Scribe(text, worker, request, lostBefore, end);
    }

    @Override
    public GenerationEvent next() throws InterruptedException {
        if (over) {
            return null;
        }
        if (event++ == lostBefore) {
            over = true;
            return lost();
        }
        if (event == 1) {
            return new GenerationEvent.Started("scribe", fingerprint, request.sampling().seed().orElse(42), 7);
        }
        if (event == 2 && request.logprobs().prompt()) {
            return new GenerationEvent.PromptScored(List.of());
        }
        if (position < text.length()) {
            position++;
            String told = position == 1 ? "" : text.substring(position - 2, position - 1);
            return new GenerationEvent.Delta(told, List.of(new TokenProbability(position, new byte[0], position, List.of())),
                    Optional.of(new ResumeState(fingerprint, ByteBuffer.allocate(4).putInt(position).array())));
        }
        if (!flushed) {
            flushed = true;
            return new GenerationEvent.Delta(text.substring(text.length() - 1), List.of(), Optional.empty());
        }
        over = true;
        return new GenerationEvent.Finished(GenerationEvent.Reason.STOP, new GenerationEvent.Usage(7, 0, text.length()));
    }

    private GenerationEvent lost() throws InterruptedException {
        return switch (end) {
            case THROWS -> throw new IllegalStateException("broken");
            case STOPS -> null;
            case UNAVAILABLE -> new GenerationEvent.Failed(new Failure.Unavailable(Duration.ofSeconds(1), "drains"));
            case INTERNAL -> new GenerationEvent.Failed(new Failure.Internal("numbers are not finite"));
            case HANGS -> {
                hang.await();
                yield null;
            }
        };
    }

    @Override
    public void close() {
        hang.countDown();
    }
}
