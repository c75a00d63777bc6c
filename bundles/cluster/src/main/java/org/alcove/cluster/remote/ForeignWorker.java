package org.alcove.cluster.remote;

import java.net.URI;
import java.time.InstantSource;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;
import org.alcove.api.worker.Failure;
import org.alcove.api.worker.GenerateRequest;
import org.alcove.api.worker.Generation;
import org.alcove.api.worker.RequestException;
import org.alcove.api.worker.SamplingParameters;
import org.alcove.cluster.wire.FastChatErrors;
import org.alcove.cluster.wire.FastChatRequest;
import org.alcove.cluster.wire.FastChatTemplate;
import org.alcove.cluster.wire.Fields;
import org.alcove.cluster.wire.Json;
import org.alcove.cluster.wire.PeerClient;
import org.alcove.cluster.wire.WireException;
import org.alcove.cluster.wire.WorkerReport;

/**
 * A worker of FastChat. The prompt is written here, in the format the worker names; what its protocol cannot say is refused. It
 * has no fingerprint, so no answer of it is ever continued elsewhere, nor one of others here.
 */
public final class ForeignWorker extends ToldWorker {

    /** Asked for once. */
    private volatile FastChatPrompt format;
    private volatile int contextTokens;

    /**
     * @param address of the worker's process, without a path
     * @param client one that shows no secret; not closed here
     * @param settings with a long stall: it sends nothing while it waits for its turn or reads a prompt
     * @param first how it stands
     */
    public ForeignWorker(URI address, PeerClient client, InstantSource clock, RemoteSettings settings, WorkerReport first) {
        super(address, client, clock, settings, first);
        this.contextTokens = first.model().contextTokens();
    }

    @Override
    public Generation generate(GenerateRequest request) {
        ForeignLimits.check(request);
        String model = model().name();
        FastChatPrompt known = format();
        boolean chat = request.input() instanceof GenerateRequest.Chat;
        String prompt = prompt(known, request.input());
        int promptTokens = count(prompt);
        FastChatRequest sent = translate(request, prompt, room(promptTokens, request.limits().maxTokens()),
                chat ? Optional.of(known.template()) : Optional.empty());
        PeerClient.Opened opened = exchanges().open("/worker_generate_stream", sent.json(), settings().stall());
        return new RemoteAnswer(id(), opened.body(), new ForeignDecoder(id(), model, promptTokens), settings());
    }

    @Override
    public int countTokens(GenerateRequest.Input input) {
        return count(prompt(format(), input));
    }

    private static String prompt(FastChatPrompt format, GenerateRequest.Input input) {
        return switch (input) {
            case GenerateRequest.Chat conversation -> format.render(conversation.messages());
            case GenerateRequest.Text text -> text.control() ? text.text() : format.plain(text.text());
            case GenerateRequest.Tokens ids -> throw ForeignLimits.unsupported("prompt", "token ids");
        };
    }

    private FastChatPrompt format() {
        FastChatPrompt known = format;
        if (known == null) {
            Fields answer = exchanges().ask("/worker_get_conv_template", Json.object().put("model", model().name()));
            known = new FastChatPrompt(told(() -> FastChatTemplate.of(answer)));
            format = known;
        }
        return known;
    }

    private int count(String prompt) {
        Fields answer = exchanges().ask("/count_token", Json.object().put("model", model().name()).put("prompt", prompt));
        int code = told(() -> answer.count("error_code", FastChatErrors.NONE));
        if (code != FastChatErrors.NONE) {
            throw new RequestException(FastChatErrors.failure(code, model().name(), "worker " + id()));
        }
        return told(() -> answer.count("count"));
    }

    /**
     * The most tokens the answer may have. Checked here, because FastChat's worker cuts a prompt that is too long from the left
     * and says nothing; it keeps one position free.
     */
    private int room(int promptTokens, int wanted) {
        if (contextTokens == 0) {
            Fields answer = exchanges().ask("/model_details", Json.object().put("model", model().name()));
            contextTokens = told(() -> answer.count("context_length"));
        }
        int room = contextTokens - promptTokens - 1;
        if (room < Math.max(1, wanted)) {
            throw new RequestException(new Failure.ContextOverflow(promptTokens, Math.max(1, wanted), contextTokens));
        }
        return wanted == 0 ? room : wanted;
    }

    private static FastChatRequest translate(GenerateRequest request, String prompt, int maxTokens,
            Optional<FastChatTemplate> template) {
        SamplingParameters sampling = request.sampling();
        Set<String> stops = new LinkedHashSet<>(request.limits().stops());
        Set<Integer> stopIds = new LinkedHashSet<>(request.limits().stopIds());
        template.ifPresent(format -> {
            stops.addAll(format.stops());
            stopIds.addAll(format.stopIds());
        });
        return new FastChatRequest(request.model(), prompt, sampling.temperature(), sampling.topP(),
                sampling.topK() == 0 ? -1 : sampling.topK(), sampling.repetitionPenalty(), sampling.presencePenalty(),
                sampling.frequencyPenalty(), maxTokens, List.copyOf(stops), List.copyOf(stopIds), false, Optional.empty(), "");
    }

    /** What the worker told, or a failure where it is senseless. */
    private <T> T told(Supplier<T> reading) {
        try {
            return reading.get();
        } catch (WireException e) {
            throw new RequestException(new Failure.Internal("worker " + id() + " tells senseless things of itself: "
                    + e.getMessage()), e);
        }
    }
}
