package org.alcove.worker;

import java.security.SecureRandom;
import java.time.InstantSource;
import java.time.LocalDateTime;
import java.time.ZoneId;
import java.time.temporal.ChronoUnit;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.random.RandomGenerator;
import java.util.stream.IntStream;
import org.alcove.api.conversation.Message;
import org.alcove.api.conversation.Prompt;
import org.alcove.api.conversation.PromptPiece;
import org.alcove.api.worker.Failure;
import org.alcove.api.worker.GenerateRequest;
import org.alcove.api.worker.GenerateRequest.Limits;
import org.alcove.api.worker.Generation;
import org.alcove.api.worker.GenerationEvent;
import org.alcove.api.worker.RequestContext;
import org.alcove.api.worker.RequestException;
import org.alcove.engine.Engine;
import org.alcove.engine.SequenceRequest;
import org.alcove.engine.TokenEvent;
import org.alcove.engine.TokenStream;
import org.alcove.tokenizer.Tokenizer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A model that is ready: turns a request into a sequence of its engine, and the sequence's tokens into text. Thread-safe. */
final class LoadedModel {

    /** Seeds of requests that bring none are as large as every JSON parser reads exactly. */
    private static final int SEED_BITS = 53;
    private static final GenerateRequest.Input REHEARSAL =
            new GenerateRequest.Chat(List.of(new Message(Message.Role.USER, "Hello!")), Map.of());
    private static final Logger LOG = LoggerFactory.getLogger(LoadedModel.class);

    private final String workerId;
    private final Engine engine;
    private final Tokenizer tokenizer;
    private final PromptWriter prompts;
    private final Admission admission;
    private final InstantSource clock;
    private final RandomGenerator seeds = new SecureRandom();

    /**
     * @param workerId id of the worker that serves it
     * @param engine computes
     * @param tokenizer reads and writes text
     * @param prompts renders conversations
     * @param admission lets requests in
     * @param clock for deadlines and templates that print the time
     */
    LoadedModel(String workerId, Engine engine, Tokenizer tokenizer, PromptWriter prompts, Admission admission,
            InstantSource clock) {
        this.workerId = workerId;
        this.engine = engine;
        this.tokenizer = tokenizer;
        this.prompts = prompts;
        this.admission = admission;
        this.clock = clock;
    }

    Engine engine() {
        return engine;
    }

    PromptWriter prompts() {
        return prompts;
    }

    Admission admission() {
        return admission;
    }

    /** Begins an answer for a caller who is known by name. */
    Generation generate(GenerateRequest request) {
        return generate(request, "caller " + request.context().tenant());
    }

    /**
     * Lets a request in and begins its answer; a request that is refused leaves nothing behind.
     *
     * @param owner whose requests share with this one what the KV cache has of their prompts
     */
    Generation generate(GenerateRequest request, String owner) {
        check(request);
        Optional<ResumePoint> resume = request.context().resume()
                .map(state -> ResumePoint.decode(state, engine.fingerprint(), engine.vocabulary()));
        Admission.Place place = admission.enter(request.context().priority());
        TokenStream tokens = null;
        boolean begun = false;
        try {
            LocalDateTime now = resume.map(ResumePoint::now).orElseGet(this::now);
            if (request.input() instanceof GenerateRequest.Chat) {
                prompts.await();
            }
            EncodedPrompt prompt = encode(request.input(), now);
            ResumePoint point = resume.map(from -> samePrompt(from, prompt.ids()))
                    .orElseGet(() -> new ResumePoint(seed(request), now, ResumePoint.sum(prompt.ids()), new int[0]));
            SequenceRequest sequence = sequence(request, prompt, point, owner);
            tokens = submit(sequence, point);
            AnswerFrame frame = new AnswerFrame(
                    new GenerationEvent.Started(workerId, engine.fingerprint(), point.seed(), prompt.ids().length), prompt.ids(),
                    point, sequence.endIds(), prompt.stops(request.limits()), sequence.minTokens(), request.context().deadline());
            TextGeneration generation = new TextGeneration(tokens, tokenizer, frame, clock, place);
            place.occupy(generation::handOver);
            begun = true;
            return generation;
        } finally {
            if (!begun) {
                place.close();
                if (tokens != null) {
                    tokens.close();
                }
            }
        }
    }

    private void check(GenerateRequest request) {
        RequestContext context = request.context();
        if (!context.adapter().isEmpty()) {
            throw new RequestException(
                    new Failure.Unsupported("adapter", "this worker has no fine-tuning adapters; leave it out"));
        }
        if (context.sealedBody().isPresent()) {
            throw new RequestException(new Failure.Unsupported("sealed_body", "this worker cannot open sealed requests"));
        }
        Limits limits = request.limits();
        if (limits.maxTokens() < Limits.NOTHING || limits.minTokens() < 0) {
            throw new RequestException(new Failure.Invalid(limits.minTokens() < 0 ? "min_tokens" : "max_tokens",
                    "max_tokens is " + limits.maxTokens() + " and min_tokens " + limits.minTokens()
                    + "; give no number below 0"));
        }
        if (limits.stops().contains("")) {
            throw new RequestException(new Failure.Invalid("stop", "a stop string is empty; leave it out"));
        }
        limits.stopIds().forEach(id -> checkId("stop_token_ids", id));
    }

    private void checkId(String field, int id) {
        if (id < 0 || id >= engine.vocabulary()) {
            throw new RequestException(new Failure.Invalid(field, "token id " + id + " is not one of the model's, 0 to "
                    + (engine.vocabulary() - 1)));
        }
    }

    /** How many tokens a prompt has. */
    int count(GenerateRequest.Input input) {
        return encode(input, now()).ids().length;
    }

    /**
     * Encodes a conversation that nobody holds and lets the engine rehearse, so that the first request finds code that has run: a
     * library for templates takes a quarter of a second to get going. Of a model that takes no conversations none is encoded.
     */
    void rehearse() {
        engine.rehearse();
        try {
            count(REHEARSAL);
        } catch (RequestException e) {
            LOG.debug("Worker {} rehearses no conversation: {}", workerId, e.getMessage());
        }
    }

    private LocalDateTime now() {
        return LocalDateTime.ofInstant(clock.instant(), ZoneId.systemDefault()).truncatedTo(ChronoUnit.SECONDS);
    }

    private EncodedPrompt encode(GenerateRequest.Input input, LocalDateTime now) {
        EncodedPrompt encoded = switch (input) {
            case GenerateRequest.Chat chat -> {
                Prompt prompt = prompts.write(chat, now);
                yield new EncodedPrompt(encode("messages", prompt.pieces()), prompt.stops(), prompt.stopIds());
            }
            case GenerateRequest.Text text -> EncodedPrompt.plain(encode("prompt",
                    List.of(text.control() ? PromptPiece.control(text.text()) : PromptPiece.content(text.text()))));
            case GenerateRequest.Tokens tokens -> {
                tokens.ids().forEach(id -> checkId("prompt", id));
                yield EncodedPrompt.plain(tokens.ids().stream().mapToInt(Integer::intValue).toArray());
            }
        };
        if (encoded.ids().length == 0) {
            throw new RequestException(new Failure.Invalid("prompt", "the prompt has no tokens; give at least one"));
        }
        return encoded;
    }

    /** @param field of the request that the text comes from; what the tokenizer refuses is too much for it in that form */
    private int[] encode(String field, List<PromptPiece> pieces) {
        try {
            return tokenizer.encode(pieces, true);
        } catch (IllegalArgumentException e) {
            throw new RequestException(new Failure.Invalid(field, e.getMessage()), e);
        }
    }

    private long seed(GenerateRequest request) {
        return request.sampling().seed().orElseGet(() -> seeds.nextLong() >>> (Long.SIZE - SEED_BITS));
    }

    private static ResumePoint samePrompt(ResumePoint point, int[] prompt) {
        if (point.promptSum() != ResumePoint.sum(prompt)) {
            throw new RequestException(new Failure.Unsupported("resume", "the answer was begun for another prompt, or by another "
                    + "conversation template; begin it again"));
        }
        return point;
    }

    private SequenceRequest sequence(GenerateRequest request, EncodedPrompt prompt, ResumePoint point, String owner) {
        Limits limits = request.limits();
        int[] ids = IntStream.concat(Arrays.stream(prompt.ids()), Arrays.stream(point.tokens())).toArray();
        int maxTokens = maxTokens(prompt.ids().length, limits.maxTokens());
        if (limits.minTokens() > maxTokens) {
            throw new RequestException(new Failure.Invalid("min_tokens", "min_tokens is " + limits.minTokens()
                    + ", but behind the prompt of " + prompt.ids().length + " tokens the answer can have " + maxTokens
                    + " at most, in the model's context of " + engine.contextTokens() + "; ask for fewer"));
        }
        Set<Integer> ends = prompt.endIds(limits, tokenizer);
        return new SequenceRequest(ids, prompt.ids().length, request.sampling().withSeed(point.seed()), maxTokens,
                limits.minTokens(), ends, request.logprobs().top(), request.logprobs().prompt(),
                request.context().priority(), owner);
    }

    /**
     * The most tokens the answer may have; without a wish, what the context has room for. Where nothing is to be written the
     * prompt may fill the context, and the engine reads it only.
     */
    private int maxTokens(int promptTokens, int wanted) {
        int room = engine.contextTokens() - promptTokens;
        int least = wanted == Limits.NOTHING ? 0 : Math.max(1, wanted);
        if (room < least) {
            throw new RequestException(new Failure.ContextOverflow(promptTokens, least, engine.contextTokens()));
        }
        return wanted == 0 ? room : least;
    }

    private TokenStream submit(SequenceRequest sequence, ResumePoint point) {
        if (sequence.maxTokens() > 0 && point.tokens().length >= sequence.maxTokens()) {
            // Written to its last token elsewhere; only its end was not read there.
            int[] written = point.tokens();
            return new EndedStream(written.length > 0 && sequence.endIds().contains(written[written.length - 1]));
        }
        try {
            return engine.submit(sequence);
        } catch (IllegalArgumentException e) {
            throw new RequestException(new Failure.Invalid("", e.getMessage()), e);
        }
    }

    /** A sequence that has nothing left to compute. */
    private static final class EndedStream implements TokenStream {

        private final boolean ended;
        private boolean told;

        EndedStream(boolean ended) {
            this.ended = ended;
        }

        @Override
        public TokenEvent next() {
            TokenEvent event = told ? null : new TokenEvent.Finished(ended);
            told = true;
            return event;
        }

        @Override
        public int cachedTokens() {
            return 0;
        }

        @Override
        public void close() {
        }
    }
}
