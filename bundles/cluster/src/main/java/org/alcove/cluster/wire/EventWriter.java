package org.alcove.cluster.wire;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import org.alcove.api.worker.GenerationEvent;
import org.alcove.api.worker.ResumeState;
import org.alcove.api.worker.TokenProbability;

/**
 * Turns the events of one answer into frames. A resume state grows with the answer, so it is told as the difference to the one
 * before; hence one writer for each answer, which sees all of its events in order.
 */
public final class EventWriter {

    private byte[] told = new byte[0];
    private String fingerprint = "";

    /** The frame for an event. */
    public ObjectNode json(GenerationEvent event) {
        ObjectNode json = Json.object();
        switch (event) {
            case GenerationEvent.Started started -> {
                fingerprint = started.fingerprint();
                json.put("type", "started").put("worker", started.worker()).put("fingerprint", started.fingerprint())
                        .put("seed", started.seed()).put("prompt_tokens", started.promptTokens());
            }
            case GenerationEvent.PromptScored scored -> json.put("type", "prompt").set("tokens", tokens(scored.tokens()));
            case GenerationEvent.Delta delta -> {
                json.put("type", "delta").put("text", delta.text()).set("tokens", tokens(delta.tokens()));
                delta.resume().ifPresent(state -> json.set("resume", difference(state)));
            }
            case GenerationEvent.Finished finished -> {
                json.put("type", "finished").put("reason", finished.reason().name());
                GenerationEvent.Usage usage = finished.usage();
                json.putObject("usage").put("prompt_tokens", usage.promptTokens()).put("cached_tokens", usage.cachedTokens())
                        .put("completion_tokens", usage.completionTokens());
            }
            case GenerationEvent.Failed failed -> json.put("type", "failed").set("failure", FailureCodec.json(failed.failure()));
        }
        return json;
    }

    /** The frame that says that nothing has happened, but that the worker lives. */
    public static ObjectNode ping(Duration beatAge) {
        return Json.object().put("type", "ping").put("beat_age_ms", beatAge.toMillis());
    }

    /** The same, with the answer's place in the worker's line; 0 where it waits no longer, or nobody can tell. */
    public static ObjectNode ping(Duration beatAge, int place) {
        return place == 0 ? ping(beatAge) : ping(beatAge).put("place", place);
    }

    private ObjectNode difference(ResumeState resume) {
        byte[] state = resume.state();
        int mismatch = Arrays.mismatch(told, state);
        int keep = mismatch < 0 ? state.length : mismatch;
        ObjectNode json = Json.object().put("keep", keep)
                .put("add", Base64.getEncoder().encodeToString(Arrays.copyOfRange(state, keep, state.length)));
        if (!resume.fingerprint().equals(fingerprint)) {
            json.put("fingerprint", resume.fingerprint());
        }
        told = state.clone();
        return json;
    }

    private static ArrayNode tokens(List<TokenProbability> tokens) {
        ArrayNode list = JsonNodeFactory.instance.arrayNode(tokens.size());
        for (TokenProbability token : tokens) {
            ObjectNode json = list.addObject().put("id", token.id()).put("bytes", base64(token.bytes()));
            probability(json, token.logprob());
            if (token.control()) {
                json.put("control", true);
            }
            if (!token.top().isEmpty()) {
                ArrayNode top = json.putArray("top");
                token.top().forEach(likely -> likely(top.addArray(), likely));
            }
        }
        return list;
    }

    private static void likely(ArrayNode entry, TokenProbability likely) {
        entry.add(likely.id()).add(base64(likely.bytes()));
        if (Float.isNaN(likely.logprob())) {
            entry.addNull();
        } else {
            entry.add((double) Math.max(likely.logprob(), -Float.MAX_VALUE));
        }
        if (likely.control()) {
            entry.add(true);
        }
    }

    /** Unknown is absent; the logarithm of nothing, which JSON cannot hold, is the least number there is. */
    private static void probability(ObjectNode json, float logprob) {
        if (!Float.isNaN(logprob)) {
            json.put("logprob", (double) Math.max(logprob, -Float.MAX_VALUE));
        }
    }

    private static String base64(byte[] bytes) {
        return Base64.getEncoder().encodeToString(bytes);
    }
}
