package org.alcove.cluster.wire;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import org.alcove.api.conversation.Message;
import org.alcove.api.worker.GenerateRequest;
import org.alcove.api.worker.RequestContext;
import org.alcove.api.worker.ResumeState;

/** The whole of a request as {@code /alcove/v1/generate} takes it. */
public final class RequestCodec {

    private static final int MAX_MESSAGES = 1 << 20;
    private static final int MAX_TOKENS = 1 << 24;

    private RequestCodec() {
    }

    /** As a message holds it. */
    public static ObjectNode json(GenerateRequest request) {
        ObjectNode json = Json.object().put("model", request.model());
        json.set("context", context(request.context()));
        json.set("input", input(request.input()));
        json.set("sampling", SamplingCodec.json(request.sampling()));
        GenerateRequest.Limits limits = request.limits();
        ObjectNode told = json.putObject("limits").put("max_tokens", limits.maxTokens());
        told.set("stops", Json.texts(limits.stops()));
        told.set("stop_ids", integers(limits.stopIds()));
        told.put("min_tokens", limits.minTokens()).put("ignore_end", limits.ignoreEnd());
        json.putObject("logprobs").put("top", request.logprobs().top()).put("prompt", request.logprobs().prompt());
        return json;
    }

    /** Reads one. */
    public static GenerateRequest of(Fields fields) {
        Fields logprobs = fields.object("logprobs");
        return new GenerateRequest(fields.text("model"), context(fields.object("context")), input(fields.object("input")),
                SamplingCodec.of(fields.object("sampling")),
                limits(fields.object("limits")),
                new GenerateRequest.Logprobs((int) logprobs.integer("top", -1, Integer.MAX_VALUE), logprobs.flag("prompt")));
    }

    private static GenerateRequest.Limits limits(Fields fields) {
        int maxTokens = (int) fields.integer("max_tokens", GenerateRequest.Limits.NOTHING, Integer.MAX_VALUE);
        return new GenerateRequest.Limits(maxTokens, fields.texts("stops", Protocol.MAX_ELEMENTS),
                fields.integers("stop_ids", MAX_TOKENS), fields.count("min_tokens"), fields.flag("ignore_end"));
    }

    private static ObjectNode context(RequestContext context) {
        ObjectNode json = Json.object().put("id", context.id()).put("trace", context.trace()).put("tenant", context.tenant())
                .put("priority", context.priority()).put("adapter", context.adapter()).put("prefix_hint", context.prefixHint());
        context.deadline().ifPresent(deadline -> json.put("deadline", deadline.toString()));
        context.resume().ifPresent(resume -> json.putObject("resume").put("fingerprint", resume.fingerprint())
                .put("state", Base64.getEncoder().encodeToString(resume.state())));
        context.sealedBody().ifPresent(body -> json.put("sealed_body", Base64.getEncoder().encodeToString(body)));
        return json;
    }

    private static RequestContext context(Fields fields) {
        return new RequestContext(fields.text("id"), fields.text("trace", ""), fields.text("tenant", ""),
                (int) fields.integer("priority", Integer.MIN_VALUE, Integer.MAX_VALUE), deadline(fields),
                fields.text("adapter", ""), fields.text("prefix_hint", ""),
                fields.maybeObject("resume").map(resume -> new ResumeState(resume.text("fingerprint"), resume.bytes("state"))),
                fields.has("sealed_body") ? Optional.of(fields.bytes("sealed_body")) : Optional.empty());
    }

    /** The field {@code deadline}. */
    static Optional<Instant> deadline(Fields fields) {
        try {
            return fields.maybeText("deadline").map(Instant::parse);
        } catch (DateTimeException e) {
            throw fields.wrong("deadline", "must be a time like 2026-01-31T10:00:00Z");
        }
    }

    private static ObjectNode input(GenerateRequest.Input input) {
        ObjectNode json = Json.object();
        switch (input) {
            case GenerateRequest.Chat chat -> {
                ArrayNode messages = json.put("type", "chat").putArray("messages");
                for (Message message : chat.messages()) {
                    messages.addObject().put("role", message.role().word()).put("content", message.content());
                }
                json.set("template_arguments", PlainValues.json(chat.templateArguments()));
            }
            case GenerateRequest.Text text -> json.put("type", "text").put("text", text.text()).put("control", text.control());
            case GenerateRequest.Tokens tokens -> json.put("type", "tokens").set("ids", integers(tokens.ids()));
        }
        return json;
    }

    private static GenerateRequest.Input input(Fields fields) {
        return switch (fields.text("type")) {
            case "chat" -> {
                List<Message> messages = new ArrayList<>();
                for (Fields message : fields.objects("messages", MAX_MESSAGES)) {
                    messages.add(new Message(role(message), message.text("content")));
                }
                if (messages.isEmpty()) {
                    throw fields.wrong("messages", "has 0 elements and must have at least 1");
                }
                yield new GenerateRequest.Chat(messages, PlainValues.map(fields, "template_arguments"));
            }
            case "text" -> new GenerateRequest.Text(fields.text("text"), fields.flag("control", false));
            case "tokens" -> new GenerateRequest.Tokens(fields.integers("ids", MAX_TOKENS));
            default -> throw fields.wrong("type", "must be \"chat\", \"text\" or \"tokens\"");
        };
    }

    private static Message.Role role(Fields message) {
        String word = message.text("role");
        for (Message.Role role : Message.Role.values()) {
            if (role.word().equals(word)) {
                return role;
            }
        }
        throw message.wrong("role", "must be one of " + List.of(Message.Role.values()) + ", in small letters");
    }

    private static ArrayNode integers(List<Integer> values) {
        ArrayNode list = Json.list(List.of());
        values.forEach(value -> list.add(value.intValue()));
        return list;
    }
}
