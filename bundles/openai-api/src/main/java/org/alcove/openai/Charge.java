package org.alcove.openai;

import java.util.List;
import java.util.function.LongConsumer;
import org.alcove.api.conversation.Message;
import org.alcove.api.worker.GenerateRequest;
import org.alcove.api.worker.GenerateRequest.Input;
import org.alcove.api.worker.GenerationEvent;

/**
 * The tokens that a request takes from its key. Prompts are taken at once by a guess, so that many requests at a time do not all
 * find the same tokens left; the worker's count takes its place as soon as it is known. Answers are taken as they grow. A prompt
 * counts once, however many answers are written to it, like in the usage that is told.
 *
 * <p>It belongs to the thread that serves the request.
 */
final class Charge implements AutoCloseable {

    /** Of English, and more than most texts have. */
    private static final int CHARACTERS_PER_TOKEN = 4;

    private final LongConsumer taker;
    private final int choices;
    /** Taken for each prompt. */
    private final long[] prompts;
    private final boolean[] counted;
    /** Taken for each answer. */
    private final long[] answers;

    /**
     * Takes the guess.
     *
     * @param taker takes tokens from the key, or gives them back
     * @param inputs the prompts
     * @param choices answers to each
     */
    Charge(LongConsumer taker, List<Input> inputs, int choices) {
        this.taker = taker;
        this.choices = choices;
        prompts = inputs.stream().mapToLong(Charge::guess).toArray();
        counted = new boolean[prompts.length];
        answers = new long[prompts.length * choices];
        for (long guess : prompts) {
            taker.accept(guess);
        }
    }

    private static long guess(Input input) {
        return switch (input) {
            case GenerateRequest.Chat chat ->
                    tokens(chat.messages().stream().map(Message::content).mapToLong(String::length).sum());
            case GenerateRequest.Text text -> tokens(text.text().length());
            case GenerateRequest.Tokens tokens -> tokens.ids().size();
        };
    }

    private static long tokens(long characters) {
        return Math.ceilDiv(characters, CHARACTERS_PER_TOKEN);
    }

    /** Takes what an event of this answer tells. */
    void take(int choice, GenerationEvent event) {
        switch (event) {
            case GenerationEvent.Started started -> count(choice / choices, started.promptTokens());
            // Tokens are listed only where probabilities are asked for; the end corrects what this misses.
            case GenerationEvent.Delta delta -> add(choice, Math.max(1, delta.tokens().size()));
            case GenerationEvent.Finished finished -> {
                count(choice / choices, finished.usage().promptTokens());
                add(choice, finished.usage().completionTokens() - answers[choice]);
            }
            case GenerationEvent.PromptScored scored -> { }
            case GenerationEvent.Failed failed -> { }
        }
    }

    private void count(int prompt, long tokens) {
        taker.accept(tokens - prompts[prompt]);
        prompts[prompt] = tokens;
        counted[prompt] = true;
    }

    private void add(int choice, long tokens) {
        taker.accept(tokens);
        answers[choice] += tokens;
    }

    /** Gives back what was guessed for prompts that no worker took. */
    @Override
    public void close() {
        for (int i = 0; i < prompts.length; i++) {
            if (!counted[i]) {
                taker.accept(-prompts[i]);
            }
        }
    }
}
