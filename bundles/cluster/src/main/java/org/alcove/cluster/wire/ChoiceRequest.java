package org.alcove.cluster.wire;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.alcove.api.worker.GenerateRequest;
import org.alcove.api.worker.Request;
import org.alcove.api.worker.RequestContext;
import org.alcove.api.worker.SamplingParameters;

/**
 * An API process asks for a worker: {@code /alcove/v1/choose}. The request's text does not come along.
 *
 * @param client random id of the API process
 * @param excluded ids of workers that are not to be chosen
 * @param fingerprint the fingerprint the worker's model must have, if any
 * @param ended tickets of the API process that count no more from here on
 * @param ticket what the API process calls the ticket of this choice, so that it can release it without having read the answer;
 *        absent where it leaves that to the controller
 */
public record ChoiceRequest(String client, Request request, Set<String> excluded, Optional<String> fingerprint,
        List<String> ended, Optional<String> ticket) {

    public ChoiceRequest {
        excluded = Set.copyOf(excluded);
        ended = List.copyOf(ended);
    }

    /** As a message holds it. */
    public ObjectNode json() {
        RequestContext context = request.context();
        ObjectNode json = Json.object().put("client", client);
        ObjectNode told = json.putObject("request").put("id", context.id()).put("trace", context.trace())
                .put("tenant", context.tenant()).put("model", request.model()).put("priority", context.priority())
                .put("adapter", context.adapter()).put("prefix_hint", context.prefixHint());
        context.deadline().ifPresent(deadline -> told.put("deadline", deadline.toString()));
        json.set("excluded", Json.texts(new TreeSet<>(excluded)));
        fingerprint.ifPresent(value -> json.put("fingerprint", value));
        json.set("ended", Json.texts(ended));
        ticket.ifPresent(value -> json.put("ticket", value));
        return json;
    }

    /** Reads one; the request's text is empty. */
    public static ChoiceRequest of(Fields fields) {
        Fields told = fields.object("request");
        RequestContext context = new RequestContext(told.text("id"), told.text("trace", ""), told.text("tenant", ""),
                (int) told.integer("priority", Integer.MIN_VALUE, Integer.MAX_VALUE), RequestCodec.deadline(told),
                told.text("adapter", ""), told.text("prefix_hint", ""), Optional.empty(), Optional.empty());
        Request request = new GenerateRequest(told.text("model"), context, new GenerateRequest.Text(""), SamplingParameters.PLAIN,
                GenerateRequest.Limits.tokens(0), GenerateRequest.Logprobs.NONE);
        return new ChoiceRequest(fields.text("client"), request, Set.copyOf(fields.texts("excluded", Protocol.MAX_ELEMENTS)),
                fields.maybeText("fingerprint"), fields.texts("ended", Protocol.MAX_ELEMENTS),
                fields.maybeText("ticket"));
    }
}
