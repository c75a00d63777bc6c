package org.alcove.cluster.answer;

import java.io.IOException;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.function.Function;
import org.alcove.api.worker.Failure;
import org.alcove.api.worker.GenerateRequest;
import org.alcove.api.worker.Generation;
import org.alcove.api.worker.GenerationEvent;
import org.alcove.api.worker.RequestException;
import org.alcove.cluster.door.Exchange;
import org.alcove.cluster.stream.EventPump;
import org.alcove.cluster.wire.FastChatChunk;
import org.alcove.cluster.wire.FastChatErrors;
import org.alcove.cluster.wire.FastChatRequest;
import org.alcove.cluster.wire.FrameWriter;

/**
 * Writes an answer as FastChat's worker does: each chunk with the whole text so far, the prompt in front of it where it is to be
 * echoed, and one more chunk with the reason of the end. What goes wrong is a chunk with the number of an error. Text that
 * gathers while a chunk is on its way goes into the next one, because a long answer's chunks are long.
 */
public final class ForeignAnswer {

    private final StringBuilder text = new StringBuilder();
    private int promptTokens;
    private int completionTokens;
    private FastChatChunk last;

    private ForeignAnswer(FastChatRequest order) {
        if (order.echo()) {
            text.append(order.prompt());
        }
    }

    /**
     * Asks for an answer. Where prompt and answer do not fit together the answer is shortened, as FastChat's API server would;
     * the prompt is not.
     *
     * @throws RequestException if it is refused
     */
    public static Generation begin(Function<GenerateRequest, Generation> worker, GenerateRequest request) {
        try {
            return worker.apply(request);
        } catch (RequestException e) {
            Optional<GenerateRequest> shorter = e.failure() instanceof Failure.ContextOverflow overflow
                    ? ForeignOrder.fitting(request, overflow) : Optional.empty();
            return worker.apply(shorter.orElseThrow(() -> e));
        }
    }

    /** The chunk that says what went wrong. */
    public static FastChatChunk error(Failure failure) {
        return FastChatChunk.error(FastChatErrors.code(failure), failure.message());
    }

    /** Says no in a stream of one chunk. */
    public static void refuse(Exchange exchange, Failure failure) throws IOException {
        exchange.stream(200).write(error(failure).json());
    }

    /**
     * Writes the answer to its end, and closes it.
     *
     * @param silence after so long without news the last chunk is said again, which shows whether the peer still listens
     * @throws IOException if the peer is gone
     */
    public static void write(Exchange exchange, FastChatRequest order, Generation generation, Duration silence)
            throws IOException, InterruptedException {
        ForeignAnswer answer = new ForeignAnswer(order);
        try (EventPump pump = new EventPump(generation)) {
            FrameWriter out = exchange.stream(200);
            while (!answer.ended()) {
                GenerationEvent event = pump.next(silence);
                boolean told = event == null || answer.take(event);
                for (GenerationEvent more = pump.ready(); more != null; more = pump.ready()) {
                    told |= answer.take(more);
                }
                answer.endWith(pump);
                if (told && !answer.failed()) {
                    out.write(answer.chunk(Optional.empty()).json());
                }
            }
            out.write(answer.last.json());
        }
    }

    /** Reads the answer to its end, closes it, and gives the last chunk. */
    public static FastChatChunk whole(FastChatRequest order, Generation generation, Duration silence)
            throws InterruptedException {
        ForeignAnswer answer = new ForeignAnswer(order);
        try (EventPump pump = new EventPump(generation)) {
            while (!answer.ended()) {
                GenerationEvent event = pump.next(silence);
                if (event != null) {
                    answer.take(event);
                }
                answer.endWith(pump);
            }
            return answer.last;
        }
    }

    private boolean ended() {
        return last != null;
    }

    private boolean failed() {
        return ended() && last.errorCode() != FastChatErrors.NONE;
    }

    /** Whether there is something to tell. */
    private boolean take(GenerationEvent event) {
        switch (event) {
            case GenerationEvent.Started started -> promptTokens = started.promptTokens();
            case GenerationEvent.PromptScored scored -> {
                return false;
            }
            case GenerationEvent.Delta delta -> {
                text.append(delta.text());
                completionTokens += delta.tokens().size();
                return !delta.text().isEmpty();
            }
            case GenerationEvent.Finished finished -> {
                promptTokens = finished.usage().promptTokens();
                completionTokens = finished.usage().completionTokens();
                last = chunk(Optional.of(finished.reason().name().toLowerCase(Locale.ROOT)));
            }
            case GenerationEvent.Failed failed -> last = error(failed.failure());
        }
        return false;
    }

    private void endWith(EventPump pump) {
        if (!ended() && pump.over()) {
            last = FastChatChunk.error(FastChatErrors.INTERNAL, "the worker ended the answer before it was whole");
        }
    }

    private FastChatChunk chunk(Optional<String> finishReason) {
        return new FastChatChunk(text.toString(), FastChatErrors.NONE,
                Optional.of(new FastChatChunk.Usage(promptTokens, completionTokens)), finishReason);
    }
}
