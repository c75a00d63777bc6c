package org.alcove.evaluation.task;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import org.alcove.api.worker.SamplingParameters;
import org.alcove.engine.Engine;
import org.alcove.engine.SequenceRequest;
import org.alcove.engine.TokenEvent;
import org.alcove.engine.TokenStream;
import org.alcove.tokenizer.Tokenizer;

/** Has a model score the choices of questions, many at the same time. */
final class Scorer {

    /** Sequences that are asked for before the first is answered; the engine batches as many of them as it has room for. */
    static final int AHEAD = 32;
    private static final int LIKELIEST = 1;

    private final Engine engine;
    private final Tokenizer tokenizer;

    Scorer(Engine engine, Tokenizer tokenizer) {
        this.engine = engine;
        this.tokenizer = tokenizer;
    }

    /** Takes the scores of questions, in their order. */
    interface Reader {

        /**
         * Takes the scores of one question.
         *
         * @param scores of its choices
         * @param cut whether one of them was too long for the model's context
         */
        void read(Item item, List<Score> scores, boolean cut);
    }

    /** Scores questions. */
    void score(List<Item> items, Reader reader) throws IOException {
        Queue<Asked> running = new ArrayDeque<>();
        int submitted = 0;
        int sequences = 0;
        try {
            for (Item item : items) {
                while (submitted < items.size() && (running.isEmpty() || sequences < AHEAD)) {
                    Asked next = ask(items.get(submitted++));
                    running.add(next);
                    sequences += next.answers.size();
                }
                Asked first = running.element();
                List<Score> scores = new ArrayList<>();
                for (Answer answer : first.answers) {
                    scores.addAll(answer.await());
                }
                running.remove();
                sequences -= first.answers.size();
                reader.read(item, scores, first.cut);
            }
        } finally {
            running.forEach(Asked::close);
        }
    }

    private Asked ask(Item item) throws IOException {
        List<Encoded> choices = new ArrayList<>();
        try {
            for (Continuation choice : item.choices()) {
                choices.add(Encoded.of(tokenizer, choice, engine.contextTokens()));
            }
        } catch (IllegalArgumentException e) {
            throw new IOException(item.place() + ": " + e.getMessage(), e);
        }
        boolean cut = choices.stream().anyMatch(Encoded::cut);
        if (choices.size() > 1 && choices.stream().allMatch(choices.getFirst()::differsAtItsEndOnly)) {
            return new Asked(List.of(onlyLast(choices)), cut);
        }
        return new Asked(choices.stream().map(this::whole).toList(), cut);
    }

    private Answer whole(Encoded choice) {
        TokenStream stream = engine.submit(request(choice.tokens(), LIKELIEST));
        return new Answer(stream, scored -> {
            double sum = 0;
            boolean greedy = true;
            for (int i = choice.firstScored(); i < choice.tokens().length; i++) {
                sum += scored.logprobs()[i];
                greedy &= scored.tops()[i][0].id() == choice.tokens()[i];
            }
            return List.of(new Score(sum, greedy));
        });
    }

    /** One sequence tells the scores of all choices that are one token after the same others. */
    private Answer onlyLast(List<Encoded> choices) {
        int[] tokens = choices.getFirst().tokens();
        int[] ids = choices.stream().mapToInt(choice -> choice.tokens()[tokens.length - 1]).toArray();
        Score[] scores = new Score[ids.length];
        TokenStream stream = engine.submit(request(tokens, -1), (position, logits) -> {
            if (position == tokens.length - 2) {
                score(logits, ids, scores);
            }
        });
        return new Answer(stream, scored -> List.of(scores));
    }

    private static void score(MemorySegment logits, int[] ids, Score[] scores) {
        float[] row = logits.toArray(ValueLayout.JAVA_FLOAT);
        int likeliest = 0;
        for (int id = 1; id < row.length; id++) {
            likeliest = row[id] > row[likeliest] ? id : likeliest;
        }
        double sum = 0;
        for (float logit : row) {
            sum += Math.exp(logit - row[likeliest]);
        }
        for (int i = 0; i < ids.length; i++) {
            scores[i] = new Score(row[ids[i]] - row[likeliest] - Math.log(sum), ids[i] == likeliest);
        }
    }

    private static SequenceRequest request(int[] tokens, int logprobs) {
        return new SequenceRequest(tokens, tokens.length, SamplingParameters.GREEDY.withSeed(0), 0, 0, Set.of(), logprobs, true,
                0);
    }

    /** What is made of the scores of a sequence. */
    private interface Reading {
        List<Score> of(TokenEvent.PromptScored scored);
    }

    /** Scores of one sequence to come. */
    private record Answer(TokenStream stream, Reading reading) {

        List<Score> await() throws IOException {
            try (stream) {
                return switch (stream.next()) {
                    case TokenEvent.PromptScored scored -> reading.of(scored);
                    case TokenEvent.Failed failed -> throw new IOException("the model failed: " + failed.message());
                    case null, default -> throw new IOException("the model ended without scores; try again");
                };
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new InterruptedIOException("scoring was interrupted");
            }
        }
    }

    /** A question whose sequences are under way. */
    private record Asked(List<Answer> answers, boolean cut) {

        void close() {
            answers.forEach(answer -> answer.stream.close());
        }
    }
}
