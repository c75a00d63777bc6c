package org.alcove.cluster.answer;

import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.alcove.api.worker.Failure;
import org.alcove.api.worker.GenerateRequest;
import org.alcove.api.worker.RequestContext;
import org.alcove.api.worker.RequestException;
import org.alcove.api.worker.SamplingParameters;
import org.alcove.cluster.door.Standing;
import org.alcove.cluster.wire.FastChatRequest;

/** Makes a request of ours from one of FastChat's. */
public final class ForeignOrder {

    /** Below these FastChat's worker takes the likeliest token. */
    private static final double LEAST_TEMPERATURE = 1e-5;
    private static final double LEAST_TOP_P = 1e-8;

    private ForeignOrder() {
    }

    /**
     * The same request.
     *
     * @param model the model that is meant
     * @param standing a peer that has shown nothing sends text; one of our own may send control tokens
     * @throws RequestException if it asks for what is not done here
     */
    public static GenerateRequest of(FastChatRequest order, String model, Standing standing) {
        if (!order.foreign().isEmpty()) {
            throw new RequestException(new Failure.Unsupported(order.foreign(),
                    order.foreign() + " is not supported here; leave it out"));
        }
        check("temperature", order.temperature(), order.temperature() >= 0, "at least 0");
        check("top_p", order.topP(), order.topP() >= 0 && order.topP() <= 1, "from 0 to 1");
        check("repetition_penalty", order.repetitionPenalty(), order.repetitionPenalty() > 0, "above 0");
        check("max_new_tokens", order.maxNewTokens(), order.maxNewTokens() >= 1, "at least 1");
        boolean greedy = order.temperature() < LEAST_TEMPERATURE || order.topP() < LEAST_TOP_P;
        SamplingParameters sampling = new SamplingParameters(greedy ? 0 : (float) order.temperature(), Math.max(order.topK(), 0),
                greedy ? 1 : (float) order.topP(), 0, (float) order.repetitionPenalty(), (float) order.presencePenalty(),
                (float) order.frequencyPenalty(), Map.of(), OptionalLong.empty());
        return new GenerateRequest(model, RequestContext.fresh(), input(order.prompt(), standing), sampling,
                new GenerateRequest.Limits(order.maxNewTokens(), order.stops(), order.stopIds(), 0, false),
                GenerateRequest.Logprobs.NONE);
    }

    /** What a prompt of FastChat's stands for. */
    public static GenerateRequest.Input input(String prompt, Standing standing) {
        Optional<GenerateRequest.Chat> conversation = ChatMarks.conversation(prompt);
        return conversation.isPresent() ? conversation.get() : new GenerateRequest.Text(prompt, standing == Standing.OWN);
    }

    private static void check(String field, double value, boolean fine, String range) {
        if (!fine || !Double.isFinite(value)) {
            throw new RequestException(new Failure.Invalid(field, field + " is " + value + "; it must be " + range));
        }
    }

    /** The same with the longest answer that the context has room for behind the prompt, if there is room. */
    static Optional<GenerateRequest> fitting(GenerateRequest request, Failure.ContextOverflow overflow) {
        int room = overflow.contextTokens() - overflow.promptTokens();
        GenerateRequest.Limits limits = request.limits();
        if (room < 1 || room >= limits.maxTokens()) {
            return Optional.empty();
        }
        return Optional.of(new GenerateRequest(request.model(), request.context(), request.input(), request.sampling(),
                new GenerateRequest.Limits(room, limits.stops(), limits.stopIds(), limits.minTokens(), limits.ignoreEnd()),
                request.logprobs()));
    }
}
