package org.alcove.experiments.integerscales;

/** Groups with a binary16 scale each, as {@code sym_int4} has them. */
final class PlainGroups implements Layout {

    /** Scales that are tried: extreme / -m, of either sign, for m in steps of an eighth. */
    private static final double FEWEST_STEPS = 5.5;
    private static final double MOST_STEPS = 10;

    private final int group;
    private final Search search;

    PlainGroups(int group, Search search) {
        this.group = group;
        this.search = search;
    }

    @Override
    public int weights() {
        return group;
    }

    @Override
    public double bitsPerWeight() {
        return 4 + 16.0 / group;
    }

    @Override
    public void approximate(float[] weights, int first, float[] values) {
        float scale = scale(weights, first);
        for (int i = first; i < first + group; i++) {
            values[i] = scale * Codes.nearest(weights[i], scale);
        }
    }

    /** The scale of a group from its first weight on; without a search that of {@code sym_int4}: the extreme is code -8. */
    float scale(float[] weights, int first) {
        int end = first + group;
        float extreme = Codes.extreme(weights, first, end);
        float best = Codes.half(extreme / Codes.LOWEST);
        if (search == Search.NONE || extreme == 0) {
            return best;
        }
        Search.Importance importance = search.importance(weights, first, end);
        double least = error(weights, first, best, importance);
        for (double steps = FEWEST_STEPS; steps <= MOST_STEPS; steps += 0.125) {
            for (int sign = -1; sign <= 1; sign += 2) {
                float scale = refined(weights, first, Codes.half(sign * extreme / steps), importance);
                double error = error(weights, first, scale, importance);
                if (error < least) {
                    least = error;
                    best = scale;
                }
            }
        }
        return best;
    }

    private double error(float[] weights, int first, float scale, Search.Importance importance) {
        return Codes.error(weights, new Codes.Span(first, first + group), scale, importance, Double.POSITIVE_INFINITY);
    }

    /** Chooses codes and scale in turn, each the best for the other, until nothing is gained. */
    private float refined(float[] weights, int first, float start, Search.Importance importance) {
        float scale = start;
        double least = error(weights, first, start, importance);
        while (true) {
            double products = 0;
            double squares = 0;
            for (int i = first; i < first + group; i++) {
                int code = Codes.nearest(weights[i], scale);
                products += importance.of(weights[i]) * weights[i] * code;
                squares += importance.of(weights[i]) * code * code;
            }
            float next = squares == 0 ? 0 : Codes.half(products / squares);
            double error = error(weights, first, next, importance);
            if (error >= least) {
                return scale;
            }
            least = error;
            scale = next;
        }
    }
}
