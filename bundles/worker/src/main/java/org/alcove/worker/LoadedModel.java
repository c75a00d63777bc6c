package org.alcove.worker;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.alcove.api.conversation.Prompt;
import org.alcove.api.conversation.PromptPiece;
import org.alcove.api.worker.Failure;
import org.alcove.api.worker.GenerateRequest;
import org.alcove.api.worker.Generation;
import org.alcove.api.worker.GenerationEvent;
import org.alcove.api.worker.ModelCard;
import org.alcove.api.worker.RequestException;
import org.alcove.engine.Engine;
import org.alcove.engine.SequenceRequest;
import org.alcove.engine.TokenStream;
import org.alcove.tokenizer.Tokenizer;

/**
 * A model that is ready: turns a request into a sequence of its engine, and the sequence's tokens into text.
 *
 * @param workerId id of the worker that serves it
 * @param card what it is
 * @param engine computes
 * @param tokenizer reads and writes text
 * @param prompts renders conversations
 * @param admission lets requests in
 */
record LoadedModel(String workerId, ModelCard card, Engine engine, Tokenizer tokenizer, PromptWriter prompts,
        Admission admission) {

    Generation generate(GenerateRequest request) {
        Optional<ResumePoint> resume = request.context().resume()
                .map(state -> ResumePoint.decode(state, engine.fingerprint(), engine.vocabulary()));
        Admission.Place place = admission.enter();
        try {
            return start(request, resume, place);
        } catch (RuntimeException | Error e) {
            place.close();
            throw e;
        }
    }

    private Generation start(GenerateRequest request, Optional<ResumePoint> resume, Admission.Place place) {
        Encoded encoded = encode(request);
        int[] prompt = encoded.ids();
        int[] resumed = resume.map(ResumePoint::tokens).orElse(new int[0]);
        GenerateRequest.Limits limits = request.limits();
        int maxTokens = maxTokens(prompt.length, request);
        if (!resume.isEmpty() && resumed.length >= maxTokens) {
            throw new RequestException(new Failure.Invalid("resume", "the answer has " + resumed.length
                    + " tokens already, and may have " + maxTokens));
        }
        Set<Integer> ends = new HashSet<>(encoded.stopIds());
        ends.addAll(limits.stopIds());
        if (!limits.ignoreEnd()) {
            ends.addAll(tokenizer.endIds());
        }
        long seed = resume.map(ResumePoint::seed)
                .orElseGet(() -> request.sampling().seed().orElseGet(() -> ThreadLocalRandom.current().nextLong()));
        TokenStream tokens = submit(new SequenceRequest(joined(prompt, resumed), prompt.length,
                request.sampling().withSeed(seed), maxTokens, limits.minTokens(), ends, request.logprobs().top(),
                request.logprobs().prompt(), request.context().priority()));
        var frame = new TextGeneration.AnswerFrame(
                new GenerationEvent.Started(workerId, engine.fingerprint(), seed, prompt.length), prompt, resumed, ends, seed);
        return new TextGeneration(tokens, tokenizer, encoded.stops(limits.stops()), frame, place::close);
    }

    private TokenStream submit(SequenceRequest sequence) {
        try {
            return engine.submit(sequence);
        } catch (IllegalArgumentException e) {
            throw new RequestException(new Failure.Invalid("", e.getMessage()), e);
        }
    }

    /** The most tokens the answer may have; without a wish, what the context has room for. */
    private int maxTokens(int promptTokens, GenerateRequest request) {
        int wanted = request.limits().maxTokens();
        boolean scoringOnly = wanted == 0 && request.logprobs().prompt();
        int room = engine.contextTokens() - promptTokens;
        int least = scoringOnly ? 0 : Math.max(1, wanted);
        if (room < least) {
            throw new RequestException(new Failure.ContextOverflow(promptTokens, least, engine.contextTokens()));
        }
        return wanted == 0 && !scoringOnly ? room : wanted;
    }

    private Encoded encode(GenerateRequest request) {
        Encoded encoded = switch (request.input()) {
            case GenerateRequest.Chat chat -> {
                Prompt prompt = prompts.write(chat);
                yield new Encoded(tokenizer.encode(prompt.pieces(), true), prompt.stops(), prompt.stopIds());
            }
            case GenerateRequest.Text text -> new Encoded(
                    tokenizer.encode(List.of(PromptPiece.content(text.text())), true), List.of(), Set.of());
            case GenerateRequest.Tokens tokens -> new Encoded(checked(tokens.ids()), List.of(), Set.of());
        };
        if (encoded.ids().length == 0) {
            throw new RequestException(new Failure.Invalid("prompt", "the prompt has no tokens; give at least one"));
        }
        return encoded;
    }

    private int[] checked(List<Integer> ids) {
        for (int id : ids) {
            if (id < 0 || id >= engine.vocabulary()) {
                throw new RequestException(new Failure.Invalid("prompt", "token id " + id + " is not one of the model's "
                        + engine.vocabulary()));
            }
        }
        return ids.stream().mapToInt(Integer::intValue).toArray();
    }

    private static int[] joined(int[] first, int[] second) {
        return IntStream.concat(Arrays.stream(first), Arrays.stream(second)).toArray();
    }

    /** A prompt as ids, with what its template says about its end. */
    private record Encoded(int[] ids, List<String> templateStops, Set<Integer> stopIds) {

        List<String> stops(List<String> requested) {
            return Stream.concat(requested.stream(), templateStops.stream()).toList();
        }
    }
}
