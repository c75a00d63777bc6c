package org.alcove.evaluation;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

/**
 * How far a model's predictions are from a reference's: the Kullback-Leibler divergence of the model's distribution Q from the
 * reference's P, {@code sum of P ln(P/Q)} over the whole vocabulary in float64, at each position; and how often both find the
 * same token likeliest.
 */
final class Divergence {

    private static final double RARE = 0.99;

    private double[] values = new double[1024];
    private int count;
    private int agreements;

    /**
     * What came of one position.
     *
     * @param nats the divergence
     * @param sameTop whether both find the same token likeliest; of equals the one with the lower id
     */
    record At(double nats, boolean sameTop) {

        /** Compares the logits of one position. */
        static At of(float[] reference, MemorySegment model) {
            int referenceTop = 0;
            int modelTop = 0;
            for (int id = 1; id < reference.length; id++) {
                referenceTop = reference[id] > reference[referenceTop] ? id : referenceTop;
                modelTop = logit(model, id) > logit(model, modelTop) ? id : modelTop;
            }
            double referenceLargest = reference[referenceTop];
            double modelLargest = logit(model, modelTop);
            double referenceSum = 0;
            double modelSum = 0;
            double weighted = 0;
            for (int id = 0; id < reference.length; id++) {
                double p = reference[id] - referenceLargest;
                double q = logit(model, id) - modelLargest;
                double power = Math.exp(p);
                referenceSum += power;
                modelSum += Math.exp(q);
                weighted += power * (p - q);
            }
            // sum of P (p - q - ln of the sums' quotient); rounding can bring it below 0.
            double nats = weighted / referenceSum - Math.log(referenceSum) + Math.log(modelSum);
            return new At(Math.max(0, nats), referenceTop == modelTop);
        }

        private static float logit(MemorySegment logits, int id) {
            return logits.getAtIndex(ValueLayout.JAVA_FLOAT, id);
        }
    }

    void add(At at) {
        if (count == values.length) {
            values = Arrays.copyOf(values, 2 * count);
        }
        values[count++] = at.nats();
        agreements += at.sameTop() ? 1 : 0;
    }

    /** Mean, in nats. */
    double mean() {
        return Arrays.stream(values, 0, count).sum() / count;
    }

    /** The divergence that 99 of 100 positions do not exceed, in nats. */
    double rare() {
        double[] sorted = Arrays.copyOf(values, count);
        Arrays.sort(sorted);
        return sorted[Math.max(0, (int) Math.ceil(RARE * count) - 1)];
    }

    /** Share of positions whose likeliest token is the same. */
    double sameTop() {
        return (double) agreements / count;
    }
}
