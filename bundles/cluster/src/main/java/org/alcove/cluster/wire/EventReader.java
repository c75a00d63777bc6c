package org.alcove.cluster.wire;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import org.alcove.api.worker.GenerationEvent;
import org.alcove.api.worker.ResumeState;
import org.alcove.api.worker.TokenProbability;

/** Turns the frames that an {@link EventWriter} made for one answer into its events again. */
public final class EventReader {

    private static final int MAX_TOKENS = 1 << 24;
    private static final int MAX_TOP = 1 << 16;
    private static final int MAX_STATE_BYTES = 64 << 20;

    private final String who;
    private byte[] told = new byte[0];
    private String fingerprint = "";

    /** What a frame says. */
    public sealed interface Told {

        /** Something happened. */
        record Event(GenerationEvent event) implements Told {
        }

        /**
         * Nothing happened, but the worker lives.
         *
         * @param beatAge how long ago its engine last moved
         * @param place of the answer in the worker's line, 1 for the next; 0 where it waits no longer, or nobody can tell
         */
        record Ping(Duration beatAge, int place) implements Told {
        }
    }

    /** @param who whose frames they are, for messages */
    public EventReader(String who) {
        this.who = who;
    }

    /**
     * Reads a frame.
     *
     * @throws WireException if it is none
     */
    public Told read(byte[] frame) {
        Fields fields = Json.read(frame, who);
        return switch (fields.text("type")) {
            case "started" -> {
                fingerprint = fields.text("fingerprint");
                yield event(new GenerationEvent.Started(fields.text("worker"), fingerprint,
                        fields.integer("seed", Long.MIN_VALUE, Long.MAX_VALUE), fields.count("prompt_tokens")));
            }
            case "prompt" -> event(new GenerationEvent.PromptScored(tokens(fields)));
            case "delta" -> event(new GenerationEvent.Delta(fields.text("text"), tokens(fields),
                    fields.maybeObject("resume").map(this::resume)));
            case "finished" -> {
                Fields usage = fields.object("usage");
                yield event(new GenerationEvent.Finished(fields.constant("reason", GenerationEvent.Reason.class),
                        new GenerationEvent.Usage(usage.count("prompt_tokens"), usage.count("cached_tokens"),
                                usage.count("completion_tokens"))));
            }
            case "failed" -> event(new GenerationEvent.Failed(FailureCodec.of(fields.object("failure"))));
            case "ping" -> new Told.Ping(Duration.ofMillis(fields.integer("beat_age_ms", 0, Long.MAX_VALUE)),
                    fields.count("place", 0));
            default -> throw fields.wrong("type", "is no type of frame that is known here");
        };
    }

    private static Told event(GenerationEvent event) {
        return new Told.Event(event);
    }

    private ResumeState resume(Fields fields) {
        int keep = fields.count("keep");
        byte[] add = fields.bytes("add");
        if (keep > told.length) {
            throw fields.wrong("keep", "is " + keep + ", but the state before had " + told.length + " bytes");
        }
        if (add.length > MAX_STATE_BYTES - keep) {
            throw new WireException(WireException.Kind.TOO_LARGE, who + ": the resume state has "
                    + ((long) keep + add.length) + " bytes, at most " + MAX_STATE_BYTES + " are read");
        }
        byte[] state = Arrays.copyOf(told, keep + add.length);
        System.arraycopy(add, 0, state, keep, add.length);
        told = state;
        return new ResumeState(fields.text("fingerprint", fingerprint), state.clone());
    }

    private static List<TokenProbability> tokens(Fields fields) {
        if (!fields.has("tokens")) {
            return List.of();
        }
        List<TokenProbability> tokens = new ArrayList<>();
        for (Fields token : fields.objects("tokens", MAX_TOKENS)) {
            float logprob = token.has("logprob") ? (float) token.number("logprob") : Float.NaN;
            tokens.add(new TokenProbability((int) token.integer("id", Integer.MIN_VALUE, Integer.MAX_VALUE), token.bytes("bytes"),
                    logprob, top(token), token.flag("control", false)));
        }
        return tokens;
    }

    private static List<TokenProbability> top(Fields token) {
        if (!token.has("top")) {
            return List.of();
        }
        List<TokenProbability> top = new ArrayList<>();
        for (JsonNode entry : token.list("top", MAX_TOP)) {
            JsonNode logprob = entry.path(2);
            JsonNode control = entry.path(3);
            if (!entry.isArray() || !entry.path(0).isInt() || !entry.path(1).isTextual() || !logprob.isNumber()
                    && !logprob.isNull() || !control.isMissingNode() && !control.isBoolean()) {
                throw token.wrong("top", "must hold lists of a token id, its bytes in base64, a number or null, and true where"
                        + " it is a control token");
            }
            top.add(new TokenProbability(entry.path(0).intValue(), base64(token, entry.path(1).textValue()),
                    logprob.isNull() ? Float.NaN : (float) logprob.doubleValue(), List.of(), control.booleanValue()));
        }
        return top;
    }

    private static byte[] base64(Fields token, String text) {
        try {
            return Base64.getDecoder().decode(text);
        } catch (IllegalArgumentException e) {
            throw token.wrong("top", "must hold bytes in base64");
        }
    }
}
