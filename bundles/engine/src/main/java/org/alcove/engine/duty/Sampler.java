package org.alcove.engine.duty;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.SegmentAllocator;
import java.lang.foreign.ValueLayout;
import java.util.Map;
import java.util.Set;
import org.alcove.api.worker.SamplingParameters;
import org.alcove.engine.TokenEvent.Candidate;
import org.alcove.engine.numeric.Arithmetic;

/**
 * Chooses tokens: logit bias, penalties, temperature, top-k, top-p, min-p, draw; {@code docs/numerics.md} section 8 has the
 * bits. The filters only raise a <em>cut</em>, the least likely token that is kept; the draw walks over the kept tokens by
 * ascending id. Belongs to one thread.
 */
final class Sampler {

    private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT;
    private static final Candidate[] NONE = {};
    /** Rounding must not drop a token from the candidates of top-p. */
    private static final double MARGIN = 0.999;

    private final int vocabulary;
    /** (vocabulary): e to the power of logits minus the largest. */
    private final MemorySegment powers;
    /** (vocabulary): logits before they are changed. */
    private final MemorySegment remembered;
    private final Ranking ranking;

    private Arithmetic arithmetic;
    private float cut;
    private int cutId;

    Sampler(SegmentAllocator allocator, int vocabulary) {
        this.vocabulary = vocabulary;
        this.powers = allocator.allocate(4L * vocabulary, 64);
        this.remembered = allocator.allocate(4L * vocabulary, 64);
        this.ranking = new Ranking(vocabulary);
    }

    /** Takes what to compute with until it is given another. */
    void begin(Arithmetic stepArithmetic) {
        arithmetic = stepArithmetic;
    }

    /** Whether a token can be chosen from these at all. */
    boolean isFinite(MemorySegment logits) {
        return arithmetic.isFinite(logits, vocabulary);
    }

    /** What is subtracted from a logit to get the natural logarithm of its probability. */
    double logOfSum(MemorySegment logits) {
        float max = arithmetic.max(logits, vocabulary);
        arithmetic.exponentials(logits, powers, vocabulary, max, 1);
        double sum = 0;
        for (int id = 0; id < vocabulary; id++) {
            sum += powers.getAtIndex(FLOAT, id);
        }
        return max + StrictMath.log(sum);
    }

    /** Natural logarithm of a token's probability. */
    static float logprob(MemorySegment logits, int id, double logOfSum) {
        return (float) (logits.getAtIndex(FLOAT, id) - logOfSum);
    }

    /** Keeps logits for {@link #rememberedLogprob}, before {@link #choose} changes them. */
    void remember(MemorySegment logits) {
        remembered.copyFrom(logits);
    }

    /** {@link #logprob} of the logits that were kept last. */
    float rememberedLogprob(int id, double logOfSum) {
        return logprob(remembered, id, logOfSum);
    }

    /** The likeliest tokens, likeliest first. */
    Candidate[] top(MemorySegment logits, int count, double logOfSum) {
        int most = Math.min(count, vocabulary);
        if (most <= 0) {
            return NONE;
        }
        ranking.keepLargest(logits, vocabulary, most);
        Candidate[] top = new Candidate[most];
        for (int i = most - 1; i >= 0; i--) {
            top[i] = new Candidate(ranking.topId(), logprob(logits, ranking.topId(), logOfSum));
            ranking.pop();
        }
        return top;
    }

    /**
     * Chooses a token.
     *
     * @param logits (vocabulary), finite; changed
     * @param counts tokens of prompt and answer; used where there are penalties only
     * @param forbidden ids that must not be chosen
     * @param position in the answer
     */
    int choose(MemorySegment logits, SamplingParameters parameters, TokenCounts counts, Set<Integer> forbidden, int position) {
        if (!parameters.logitBias().isEmpty()) {
            addBias(logits, parameters.logitBias());
        }
        if (hasPenalties(parameters)) {
            punish(logits, parameters, counts);
        }
        // An empty set or map is not asked for an iterator: it would be made for each token.
        if (!forbidden.isEmpty() && forbidden.size() < vocabulary) {
            for (int id : forbidden) {
                if (id >= 0 && id < vocabulary) {
                    logits.setAtIndex(FLOAT, id, Float.NEGATIVE_INFINITY);
                }
            }
        }
        float max = arithmetic.max(logits, vocabulary);
        if (!Float.isFinite(max)) {
            throw new IllegalStateException("biases and penalties leave no token whose logit is a finite number");
        }
        if (parameters.temperature() == 0) {
            return indexOf(logits, max);
        }
        arithmetic.exponentials(logits, powers, vocabulary, max, parameters.temperature());
        cut = Float.MIN_VALUE;
        cutId = Integer.MAX_VALUE;
        if (parameters.topK() > 0 && parameters.topK() < vocabulary) {
            ranking.keepLargest(powers, vocabulary, parameters.topK());
            raise(ranking.topValue(), ranking.topId());
        }
        if (parameters.topP() < 1) {
            keepNucleus(parameters.topP());
        }
        raise(parameters.minP(), Integer.MAX_VALUE);
        return draw(Randomness.uniform(parameters.seed().orElseThrow(), position));
    }

    /** Whether {@link TokenCounts} are needed. */
    static boolean hasPenalties(SamplingParameters parameters) {
        return parameters.repetitionPenalty() != 1 || parameters.presencePenalty() != 0 || parameters.frequencyPenalty() != 0;
    }

    private void addBias(MemorySegment logits, Map<Integer, Float> bias) {
        for (Map.Entry<Integer, Float> entry : bias.entrySet()) {
            int id = entry.getKey();
            logits.setAtIndex(FLOAT, id, logits.getAtIndex(FLOAT, id) + entry.getValue());
        }
    }

    private static void punish(MemorySegment logits, SamplingParameters parameters, TokenCounts counts) {
        float repetition = parameters.repetitionPenalty();
        for (int slot = 0; slot < counts.slots(); slot++) {
            if (counts.isUsed(slot)) {
                int id = counts.id(slot);
                float logit = logits.getAtIndex(FLOAT, id);
                logit = logit > 0 ? logit / repetition : logit * repetition;
                if (counts.answerCount(slot) > 0) {
                    logit = logit - parameters.presencePenalty() - parameters.frequencyPenalty() * counts.answerCount(slot);
                }
                logits.setAtIndex(FLOAT, id, logit);
            }
        }
    }

    private int indexOf(MemorySegment logits, float value) {
        for (int id = 0; id < vocabulary; id++) {
            if (logits.getAtIndex(FLOAT, id) == value) {
                return id;
            }
        }
        throw new IllegalStateException("a bias or penalty made a logit no number");
    }

    private void raise(float power, int id) {
        if (power > cut || power == cut && id < cutId) {
            cut = power;
            cutId = id;
        }
    }

    private boolean isKept(float power, int id) {
        return power > cut || power == cut && id <= cutId;
    }

    private double total() {
        double total = 0;
        for (int id = 0; id < vocabulary; id++) {
            float power = powers.getAtIndex(FLOAT, id);
            if (isKept(power, id)) {
                total += power;
            }
        }
        return total;
    }

    /** Raises the cut to the last of the likeliest tokens that together reach {@code p} of what is kept. */
    private void keepNucleus(double p) {
        double total = total();
        // All tokens below this together have less than 1 - p: none of them is needed.
        double least = (1 - p) * total / vocabulary * MARGIN;
        ranking.begin();
        for (int id = 0; id < vocabulary; id++) {
            float power = powers.getAtIndex(FLOAT, id);
            if (power >= least && isKept(power, id)) {
                ranking.append(power, id);
            }
        }
        ranking.order();
        double reached = ranking.topValue();
        while (reached < p * total && ranking.size() > 1) {
            ranking.pop();
            reached += ranking.topValue();
        }
        raise(ranking.topValue(), ranking.topId());
    }

    private int draw(double random) {
        double target = random * total();
        double sum = 0;
        int last = 0;
        for (int id = 0; id < vocabulary; id++) {
            float power = powers.getAtIndex(FLOAT, id);
            if (isKept(power, id)) {
                sum += power;
                last = id;
                if (sum > target) {
                    return id;
                }
            }
        }
        return last;
    }
}
