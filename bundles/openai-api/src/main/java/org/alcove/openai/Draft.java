package org.alcove.openai;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.OptionalLong;
import org.alcove.api.worker.Failure;
import org.alcove.api.worker.GenerateRequest;
import org.alcove.api.worker.GenerateRequest.Input;
import org.alcove.api.worker.GenerateRequest.Limits;
import org.alcove.api.worker.GenerateRequest.Logprobs;
import org.alcove.api.worker.ModelCard;
import org.alcove.api.worker.RequestContext;
import org.alcove.api.worker.SamplingDefaults;
import org.alcove.api.worker.SamplingParameters;

/** A request as its fields are read, one after another, with the protocol's defaults; then the generations it asks for. */
final class Draft {

    /** Most choices of one request: prompts times {@code n}. */
    static final int MAX_CHOICES = 2048;

    String model;
    final List<Input> inputs = new ArrayList<>();
    final Map<String, Object> templateArguments = new LinkedHashMap<>();

    /** What the request does not say is the model's to say, then the protocol's. */
    OptionalDouble temperature = OptionalDouble.empty();
    OptionalDouble topP = OptionalDouble.empty();
    OptionalInt topK = OptionalInt.empty();
    OptionalDouble minP = OptionalDouble.empty();
    OptionalDouble repetitionPenalty = OptionalDouble.empty();
    float presencePenalty;
    float frequencyPenalty;
    Map<Integer, Float> logitBias = Map.of();
    OptionalLong seed = OptionalLong.empty();

    /** 0 for what the context has room for, {@link Limits#NOTHING} for none at all. */
    int maxTokens;
    int minTokens;
    boolean ignoreEnd;
    List<String> stops = List.of();
    List<Integer> stopIds = List.of();

    int choices = 1;
    OptionalInt bestOf = OptionalInt.empty();
    boolean logprobs;
    OptionalInt topLogprobs = OptionalInt.empty();
    boolean echo;

    boolean stream;
    Optional<StreamOptions> streamOptions = Optional.empty();
    String prefixHint = "";

    /** What a stream carries beside the answer. */
    static final class StreamOptions {
        boolean includeUsage;
    }

    boolean includeUsage() {
        return streamOptions.isPresent() && streamOptions.get().includeUsage;
    }

    /** Checks what no field can check alone. */
    void check() {
        if (model == null) {
            throw ApiException.missing("model");
        }
        if (streamOptions.isPresent() && !stream) {
            throw ApiException.invalid("stream_options", "stream_options is only allowed where stream is true");
        }
        if (maxTokens != 0 && minTokens > Math.max(0, maxTokens)) {
            throw ApiException.invalid("min_tokens", "min_tokens is " + minTokens + ", more than max_tokens, which is "
                    + Math.max(0, maxTokens));
        }
        if (bestOf.isPresent() && bestOf.getAsInt() < choices) {
            throw ApiException.invalid("best_of", "best_of is " + bestOf.getAsInt() + ", less than n, which is " + choices);
        }
        if (bestOf.isPresent() && bestOf.getAsInt() > choices) {
            throw ApiException.unsupported("best_of", "best_of is " + bestOf.getAsInt() + " and n is " + choices
                    + "; this server does not choose among answers: leave best_of out");
        }
        if (inputs.size() * choices > MAX_CHOICES) {
            throw ApiException.invalid("n", inputs.size() + " prompts with n = " + choices + " ask for "
                    + inputs.size() * choices + " choices, more than " + MAX_CHOICES + "; send fewer at a time");
        }
    }

    /** Checks token ids against the model's vocabulary. */
    void checkIds(ModelCard card) {
        for (int i = 0; i < inputs.size(); i++) {
            if (inputs.get(i) instanceof GenerateRequest.Tokens tokens) {
                String prompt = inputs.size() == 1 ? "prompt" : place(i);
                tokens.ids().forEach(id -> checkId(prompt, id, card));
            }
        }
        stopIds.forEach(id -> checkId("stop_token_ids", id, card));
        logitBias.keySet().forEach(id -> checkId("logit_bias", id, card));
    }

    private static void checkId(String field, int id, ModelCard card) {
        if (id >= card.vocabulary()) {
            throw ApiException.invalid(field, field + " has the token id " + id + "; the model " + card.name()
                    + " has ids from 0 to " + (card.vocabulary() - 1));
        }
    }

    /** What a choice failed of; where that is the fault of one of several prompts, with the place of it. */
    ApiException refused(int choice, Failure failure) {
        ApiError error = ApiError.of(failure);
        boolean byPrompt = switch (failure) {
            case Failure.Invalid it -> it.field().equals("prompt");
            case Failure.Unsupported it -> it.field().equals("prompt");
            case Failure.ContextOverflow it -> true;
            case Failure.Refused it -> true;
            default -> false;
        };
        return new ApiException(byPrompt && inputs.size() > 1 ? error.at(place(choice / choices)) : error);
    }

    private static String place(int prompt) {
        return "prompt[" + prompt + "]";
    }

    /**
     * One generation per choice: all choices of the first prompt, then of the second and so on.
     *
     * @param defaults what the model recommends where the request says nothing
     */
    List<GenerateRequest> requests(RequestContext context, SamplingDefaults defaults) {
        Limits limits = new Limits(maxTokens, stops, stopIds, minTokens, ignoreEnd);
        SamplingParameters sampling = sampling(defaults);
        RequestContext hinted = prefixHint.isEmpty() ? context : context.withPrefixHint(prefixHint);
        List<GenerateRequest> requests = new ArrayList<>();
        for (Input input : inputs) {
            for (int i = 0; i < choices; i++) {
                SamplingParameters own = seed.isPresent() ? sampling.withSeed(seed.getAsLong() + i) : sampling;
                requests.add(new GenerateRequest(model, numbered(hinted, requests.size()), input, own, limits,
                        probabilities(input)));
            }
        }
        return requests;
    }

    private SamplingParameters sampling(SamplingDefaults defaults) {
        SamplingDefaults chosen = new SamplingDefaults(temperature, topK, topP, minP, repetitionPenalty).orElse(defaults);
        SamplingParameters plain = SamplingParameters.PLAIN;
        return new SamplingParameters((float) chosen.temperature().orElse(plain.temperature()),
                chosen.topK().orElse(plain.topK()), (float) chosen.topP().orElse(plain.topP()),
                (float) chosen.minP().orElse(plain.minP()), (float) chosen.repetitionPenalty().orElse(plain.repetitionPenalty()),
                presencePenalty, frequencyPenalty, logitBias, seed);
    }

    /** Ids are unique, so that a log line names one generation. */
    private RequestContext numbered(RequestContext c, int number) {
        if (inputs.size() * choices == 1) {
            return c;
        }
        return new RequestContext(c.id() + "-" + number, c.trace(), c.tenant(), c.priority(), c.deadline(), c.adapter(),
                c.prefixHint(), c.resume(), c.sealedBody());
    }

    /** The text of a prompt given as ids is known to the worker only: its scored tokens carry it. */
    private Logprobs probabilities(Input input) {
        boolean textByTokens = echo && input instanceof GenerateRequest.Tokens;
        if (!logprobs && !textByTokens) {
            return Logprobs.NONE;
        }
        return new Logprobs(logprobs ? topLogprobs.orElse(0) : 0, echo);
    }
}
