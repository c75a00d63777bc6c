package org.alcove.cluster.remote;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.alcove.api.worker.Failure;
import org.alcove.api.worker.GenerationEvent;
import org.alcove.cluster.wire.FastChatChunk;
import org.alcove.cluster.wire.FastChatErrors;
import org.alcove.cluster.wire.Json;
import org.alcove.cluster.wire.WireException;

/**
 * Chunks of FastChat's workers, each with the whole text so far, as events with what is new. A worker that cuts tokens within a
 * character ends its text with replacement characters for a while; these are held back until the next chunk.
 */
final class ForeignDecoder implements AnswerDecoder {

    private static final char REPLACEMENT = '\ufffd';

    private final String worker;
    private final String model;
    private final int promptTokens;
    private String told = "";
    private String last = "";
    private boolean started;
    private GenerationEvent.Usage usage;

    /** @param worker id of the worker for the whole cluster */
    ForeignDecoder(String worker, String model, int promptTokens) {
        this.worker = worker;
        this.model = model;
        this.promptTokens = promptTokens;
        this.usage = new GenerationEvent.Usage(promptTokens, 0, 0);
    }

    @Override
    public List<GenerationEvent> read(byte[] frame) {
        FastChatChunk chunk = FastChatChunk.of(Json.read(frame, worker));
        List<GenerationEvent> events = new ArrayList<>();
        if (chunk.errorCode() != FastChatErrors.NONE) {
            events.add(new GenerationEvent.Failed(FastChatErrors.failure(chunk.errorCode(), model, "worker " + worker)));
            return events;
        }
        begin(events);
        chunk.usage().ifPresent(used -> usage = new GenerationEvent.Usage(
                used.promptTokens() > 0 ? used.promptTokens() : promptTokens, 0, used.completionTokens()));
        last = chunk.text();
        Optional<GenerationEvent> end = chunk.finishReason().map(this::finished);
        news(end.isPresent()).ifPresent(events::add);
        end.ifPresent(events::add);
        return events;
    }

    private void begin(List<GenerationEvent> events) {
        if (!started) {
            started = true;
            // No fingerprint: nothing is known of what produces this answer, so nobody can go on with it.
            events.add(new GenerationEvent.Started(worker, "", 0, promptTokens));
        }
    }

    private Optional<GenerationEvent> news(boolean whole) {
        int end = last.length();
        while (!whole && end > 0 && last.charAt(end - 1) == REPLACEMENT) {
            end--;
        }
        String stable = last.substring(0, end);
        if (stable.length() <= told.length()) {
            if (!told.startsWith(stable)) {
                throw changed();
            }
            return Optional.empty();
        }
        if (!stable.startsWith(told)) {
            throw changed();
        }
        String text = stable.substring(told.length());
        told = stable;
        return Optional.of(new GenerationEvent.Delta(text, List.of(), Optional.empty()));
    }

    private WireException changed() {
        return WireException.malformed(worker + " changed some of the " + told.length() + " characters it had sent already");
    }

    private GenerationEvent finished(String reason) {
        return switch (reason) {
            case "length" -> new GenerationEvent.Finished(GenerationEvent.Reason.LENGTH, usage);
            case "content_filter" -> new GenerationEvent.Finished(GenerationEvent.Reason.CONTENT_FILTER, usage);
            case "abort", "error" -> new GenerationEvent.Failed(
                    new Failure.Internal("worker " + worker + " broke its answer off (" + reason + "); its log says more"));
            default -> new GenerationEvent.Finished(GenerationEvent.Reason.STOP, usage);
        };
    }

    @Override
    public Duration stillFor() {
        return Duration.ZERO;
    }

    /** Not every worker of FastChat gives a reason; one that closes its stream in order has written its answer. */
    @Override
    public Optional<GenerationEvent> atEnd() {
        return started && told.length() == last.length()
                ? Optional.of(new GenerationEvent.Finished(GenerationEvent.Reason.STOP, usage)) : Optional.empty();
    }
}
