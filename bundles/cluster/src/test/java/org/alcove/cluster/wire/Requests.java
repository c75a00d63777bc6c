package org.alcove.cluster.wire;

import java.util.List;
import java.util.Map;
import org.alcove.api.conversation.Message;
import org.alcove.api.worker.GenerateRequest;
import org.alcove.api.worker.RequestContext;
import org.alcove.api.worker.SamplingParameters;

/** Requests for tests. */
public final class Requests {

    private Requests() {
    }

    public static GenerateRequest of(String model, GenerateRequest.Input input) {
        return new GenerateRequest(model, RequestContext.named("req-1"), input, SamplingParameters.GREEDY,
                GenerateRequest.Limits.tokens(20), GenerateRequest.Logprobs.NONE);
    }

    public static GenerateRequest chat(String model, String text) {
        return of(model, new GenerateRequest.Chat(List.of(new Message(Message.Role.USER, text)), Map.of()));
    }
}
