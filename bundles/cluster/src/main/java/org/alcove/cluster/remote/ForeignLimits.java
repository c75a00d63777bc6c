package org.alcove.cluster.remote;

import org.alcove.api.worker.Failure;
import org.alcove.api.worker.GenerateRequest;
import org.alcove.api.worker.RequestContext;
import org.alcove.api.worker.RequestException;
import org.alcove.api.worker.SamplingParameters;

/** What FastChat's protocol has no words for. */
final class ForeignLimits {

    private ForeignLimits() {
    }

    /** @throws RequestException with {@link Failure.Unsupported} for the first thing that could only be dropped */
    static void check(GenerateRequest request) {
        SamplingParameters sampling = request.sampling();
        RequestContext context = request.context();
        refuse(request.input() instanceof GenerateRequest.Tokens, "prompt", "token ids");
        refuse(request.input() instanceof GenerateRequest.Chat chat && !chat.templateArguments().isEmpty(),
                "chat_template_kwargs",
                "arguments of templates");
        refuse(sampling.seed().isPresent(), "seed", "seeds");
        refuse(sampling.minP() > 0, "min_p", "min_p");
        refuse(!sampling.logitBias().isEmpty(), "logit_bias", "logit biases");
        refuse(request.logprobs().wanted() || request.logprobs().prompt(), "logprobs", "probabilities of all tokens");
        refuse(request.limits().minTokens() > 0, "min_tokens", "a least number of tokens");
        refuse(request.limits().ignoreEnd(), "ignore_eos", "answers without an end");
        refuse(!context.adapter().isEmpty(), "adapter", "fine-tuning adapters");
        refuse(context.resume().isPresent(), "resume", "answers that others began");
        refuse(context.sealedBody().isPresent(), "sealed_body", "sealed requests");
    }

    private static void refuse(boolean asked, String field, String what) {
        if (asked) {
            throw unsupported(field, what);
        }
    }

    /** What to say of a field that could only be dropped. */
    static RequestException unsupported(String field, String what) {
        return new RequestException(new Failure.Unsupported(field, "the worker that serves this model speaks FastChat's protocol,"
                + " which knows no " + what + "; leave it out"));
    }
}
