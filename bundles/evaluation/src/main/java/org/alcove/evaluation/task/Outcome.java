package org.alcove.evaluation.task;

import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/** What came out of a task. */
final class Outcome {

    private final Task task;
    private int items;
    private int right;
    private int rightByLength;
    private int cut;
    private double nats;

    Outcome(Task task) {
        this.task = task;
    }

    Task task() {
        return task;
    }

    /** Counts a question in. */
    void add(Item item, List<Score> scores, boolean wasCut) {
        items++;
        cut += wasCut ? 1 : 0;
        nats -= scores.get(item.right()).logprob();
        if (task.kind() == Task.Kind.LAST_WORD) {
            right += scores.getFirst().greedy() ? 1 : 0;
            return;
        }
        right += likeliest(scores, choice -> scores.get(choice).logprob()) == item.right() ? 1 : 0;
        rightByLength += likeliest(scores, choice -> scores.get(choice).logprob() / item.choices().get(choice).bytes())
                == item.right() ? 1 : 0;
    }

    /** Of equal ones the first. */
    private static int likeliest(List<Score> scores, ToDoubleFunction<Integer> worth) {
        return IntStream.range(0, scores.size()).boxed()
                .reduce(0, (best, choice) -> worth.applyAsDouble(choice) > worth.applyAsDouble(best) ? choice : best);
    }

    /** Questions asked. */
    int items() {
        return items;
    }

    /** Questions that were too long for the model's context. */
    int cut() {
        return cut;
    }

    /** Share of right answers. */
    double accuracy() {
        return (double) right / items;
    }

    /** Share of right answers where logarithms are divided by the answers' length in bytes. */
    double accuracyByLength() {
        return (double) rightByLength / items;
    }

    /** Standard error of the accuracy: {@code sqrt(p (1 - p) / (n - 1))}. */
    double error() {
        return Math.sqrt(accuracy() * (1 - accuracy()) / (items - 1));
    }

    /** Perplexity of the right answers, each counted whole: {@code exp(-mean ln p)}. */
    double perplexity() {
        return Math.exp(nats / items);
    }
}
