package org.alcove.experiments.integerscales;

import static org.alcove.experiments.integerscales.IntegerBlock.GROUP;
import static org.alcove.experiments.integerscales.IntegerBlock.GROUPS;
import static org.alcove.experiments.integerscales.IntegerBlock.LARGEST;
import static org.alcove.experiments.integerscales.IntegerBlock.WEIGHTS;

/**
 * Packs 256 weights into an {@link IntegerBlock}. Without a search the group with the extreme gets the integer 15 and its extreme
 * the code -8, and each other group the integer nearest to what its own extreme asks for.
 *
 * <p>A search looks for the least sum of squares, as {@link Search} counts them. For a given scale of the block the best integer
 * of each group, with its nearest codes, is found by trying all fifteen; for given integers and codes the best scale is a
 * quotient of sums, rounded to binary16. From many first scales, of either sign, and from the block without a search, the two are
 * done in turn until nothing is gained; the best of all ends is taken.
 */
final class IntegerScales implements Layout {

    /** First scales are extreme / (8 m) for these m: what integer the group with the extreme would like. */
    private static final double FEWEST = 6;
    private static final double MOST = 18;
    private static final double STEP = 0.5;

    /** First scales that leave more than this times the least error so far are not followed: turns gain some per cent. */
    private static final double PROMISING = 1.1;

    private final Search search;

    IntegerScales(Search search) {
        this.search = search;
    }

    @Override
    public int weights() {
        return WEIGHTS;
    }

    @Override
    public double bitsPerWeight() {
        return 8.0 * IntegerBlock.BYTES / WEIGHTS;
    }

    @Override
    public void approximate(float[] weights, int first, float[] values) {
        IntegerBlock block = pack(weights, first);
        for (int i = 0; i < WEIGHTS; i++) {
            values[first + i] = block.value(i);
        }
    }

    /** Packs the 256 weights from first on. */
    IntegerBlock pack(float[] weights, int first) {
        if (first < 0 || first > weights.length - WEIGHTS) {
            throw new IllegalArgumentException("a block of " + WEIGHTS + " weights from " + first + " on does not fit in "
                    + weights.length);
        }
        float extreme = Codes.extreme(weights, first, first + WEIGHTS);
        Search.Importance importance = search.importance(weights, first, first + WEIGHTS);
        Attempt best = rounded(weights, first, Codes.half((double) extreme / Codes.LOWEST / LARGEST), importance);
        if (search != Search.NONE && extreme != 0) {
            best = refined(weights, first, best, importance);
            for (double m = FEWEST; m <= MOST; m += STEP) {
                for (int sign = -1; sign <= 1; sign += 2) {
                    double bound = PROMISING * best.error;
                    Attempt attempt = nearest(weights, first, Codes.half(sign * extreme / 8 / m), importance, bound);
                    if (attempt.error < bound) {
                        attempt = refined(weights, first, attempt, importance);
                        best = attempt.error < best.error ? attempt : best;
                    }
                }
            }
        }
        return best.block(weights, first);
    }

    /** A scale of the block, integers of its groups, and the error that is left with the nearest codes. */
    private record Attempt(float scale, byte[] scales, double error) {

        IntegerBlock block(float[] weights, int first) {
            byte[] codes = new byte[WEIGHTS];
            for (int i = 0; i < WEIGHTS; i++) {
                codes[i] = (byte) Codes.nearest(weights[first + i], scale * scales[i / GROUP]);
            }
            return new IntegerBlock(scale, scales, codes);
        }
    }

    private static Attempt rounded(float[] weights, int first, float scale, Search.Importance importance) {
        byte[] scales = new byte[GROUPS];
        double error = 0;
        for (int g = 0; g < GROUPS; g++) {
            int at = first + g * GROUP;
            float wanted = Math.abs(Codes.extreme(weights, at, at + GROUP) / Codes.LOWEST / scale);
            scales[g] = (byte) (scale == 0 ? 1 : Math.clamp(Math.round(wanted), 1, LARGEST));
            error += Codes.error(weights, new Codes.Span(at, at + GROUP), scale * scales[g], importance,
                    Double.POSITIVE_INFINITY);
        }
        return new Attempt(scale, scales, error);
    }

    /** The best integers and codes under a scale; if they leave more error than the bound, any that do. */
    private static Attempt nearest(float[] weights, int first, float scale, Search.Importance importance, double bound) {
        byte[] scales = new byte[GROUPS];
        double sum = 0;
        for (int g = 0; g < GROUPS && sum < bound; g++) {
            int at = first + g * GROUP;
            double least = Double.POSITIVE_INFINITY;
            for (int k = LARGEST; k >= 1; k--) {
                double error = Codes.error(weights, new Codes.Span(at, at + GROUP), scale * k, importance, least);
                if (error < least) {
                    least = error;
                    scales[g] = (byte) k;
                }
            }
            sum += least;
        }
        return new Attempt(scale, scales, sum);
    }

    private static Attempt refined(float[] weights, int first, Attempt start, Search.Importance importance) {
        Attempt best = start;
        while (true) {
            double products = 0;
            double squares = 0;
            for (int i = 0; i < WEIGHTS; i++) {
                int k = best.scales[i / GROUP];
                double integer = k * Codes.nearest(weights[first + i], best.scale * k);
                double counts = importance.of(weights[first + i]);
                products += counts * weights[first + i] * integer;
                squares += counts * integer * integer;
            }
            Attempt next = nearest(weights, first, squares == 0 ? 0 : Codes.half(products / squares), importance,
                    best.error);
            if (next.error >= best.error) {
                return best;
            }
            best = next;
        }
    }
}
