package org.alcove.experiments.integerscales;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class IntegerScalesTest {

    private static final int WEIGHTS = IntegerBlock.WEIGHTS;

    private final IntegerScales rounded = new IntegerScales(Search.NONE);
    private final IntegerScales searched = new IntegerScales(Search.SQUARES);
    private final IntegerScales weighed = new IntegerScales(Search.WEIGHED);

    /** Groups of very different spread, with heavy tails, as those of real matrices. */
    private static float[] weights(long seed, double magnitude) {
        Random random = new Random(seed);
        float[] weights = new float[WEIGHTS];
        for (int i = 0; i < WEIGHTS; i++) {
            double spread = 1 + i / IntegerBlock.GROUP % 3;
            weights[i] = (float) (magnitude * spread * random.nextGaussian() * (random.nextInt(40) == 0 ? 4 : 1));
        }
        return weights;
    }

    private static double error(float[] weights, IntegerBlock block) {
        double error = 0;
        for (int i = 0; i < WEIGHTS; i++) {
            double difference = weights[i] - block.value(i);
            error += difference * difference;
        }
        return error;
    }

    /** Squares count by {@code s + w * w}, s being the mean of w * w. */
    private static double weighedError(float[] weights, IntegerBlock block) {
        double mean = 0;
        for (float weight : weights) {
            mean += (double) weight * weight / WEIGHTS;
        }
        double error = 0;
        for (int i = 0; i < WEIGHTS; i++) {
            double difference = weights[i] - block.value(i);
            error += (mean + (double) weights[i] * weights[i]) * difference * difference;
        }
        return error;
    }

    @Test
    void theSearchNeverLeavesMoreErrorThanRounding() {
        double before = 0;
        double after = 0;
        for (int seed = 0; seed < 200; seed++) {
            float[] weights = weights(seed, 0.02);
            double of = error(weights, rounded.pack(weights, 0));
            double now = error(weights, searched.pack(weights, 0));
            assertTrue(now <= of, "seed " + seed + ": " + now + " > " + of);
            before += of;
            after += now;
        }
        assertTrue(after < 0.9 * before, "the search should leave clearly less: " + after + " of " + before);
    }

    @Test
    void theWeighedSearchNeverLeavesMoreErrorThanRoundingAsItCountsErrors() {
        for (int seed = 0; seed < 100; seed++) {
            float[] weights = weights(seed, 0.02);
            double of = weighedError(weights, rounded.pack(weights, 0));
            double now = weighedError(weights, weighed.pack(weights, 0));
            assertTrue(now <= of, "seed " + seed + ": " + now + " > " + of);
            double ofSquares = weighedError(weights, searched.pack(weights, 0));
            assertTrue(now <= ofSquares * 1.02, "seed " + seed + ": the other search leaves " + ofSquares + ", this " + now);
        }
    }

    @Test
    void integersAndCodesKeepTheirRanges() {
        for (int seed = 0; seed < 100; seed++) {
            float[] weights = weights(seed, Math.pow(10, seed % 9 - 6));
            for (IntegerScales layout : List.of(rounded, searched, weighed)) {
                IntegerBlock block = layout.pack(weights, 0);
                assertEquals(block.scale(), Codes.half(block.scale()), "the scale is a binary16");
                for (int i = 0; i < WEIGHTS; i++) {
                    int k = block.scales()[i / IntegerBlock.GROUP];
                    assertTrue(k >= 1 && k <= 15 && block.codes()[i] >= -8 && block.codes()[i] <= 7);
                    assertTrue(block.integer(i) >= -120 && block.integer(i) <= 105);
                }
            }
        }
    }

    @Test
    void whatTheLayoutHoldsExactlyIsFoundAgain() {
        float[] weights = new float[WEIGHTS];
        for (int i = 0; i < WEIGHTS; i++) {
            weights[i] = 0.0078125f * (15 - i / IntegerBlock.GROUP) * (i * 7 % 16 - 8);
        }
        assertEquals(0, error(weights, searched.pack(weights, 0)));
        assertArrayEquals(weights, searched.approximate(weights));
    }

    @Test
    void zerosStayZeros() {
        assertArrayEquals(new float[2 * WEIGHTS], rounded.approximate(new float[2 * WEIGHTS]));
        assertArrayEquals(new float[2 * WEIGHTS], searched.approximate(new float[2 * WEIGHTS]));
        float[] oneGroup = new float[WEIGHTS];
        oneGroup[70] = -1;
        assertEquals(0, error(oneGroup, searched.pack(oneGroup, 0)), "groups of zeros beside another");
    }

    @Test
    void weightsBelowTheSmallestScaleBecomeZeroAndNeverWorse() {
        for (double magnitude : new double[] {Float.MIN_VALUE, 1e-40, 1e-12, 1e-9, 3e-7, 1e-5}) {
            float[] weights = weights(3, magnitude);
            double ofZeros = 0;
            for (float weight : weights) {
                ofZeros += (double) weight * weight;
            }
            double of = error(weights, searched.pack(weights, 0));
            assertTrue(of <= ofZeros && of <= error(weights, rounded.pack(weights, 0)), "magnitude " + magnitude);
        }
    }

    @Test
    void weightsAboveTheLargestScaleAreCutNotInfinite() {
        float[] weights = new float[WEIGHTS];
        weights[0] = 3e38f;
        assertTrue(Float.isFinite(searched.approximate(weights)[0]));
    }

    @Test
    void anOutlierTakesTheLargestIntegerAndTheOthersKeepWhatIsLeft() {
        float[] weights = weights(5, 0.01);
        weights[100] = 0.5f;
        IntegerBlock block = searched.pack(weights, 0);
        int group = 100 / IntegerBlock.GROUP;
        for (int g = 0; g < IntegerBlock.GROUPS; g++) {
            assertTrue(block.scales()[g] <= block.scales()[group], "group " + g);
        }
        assertTrue(Math.abs(block.value(100) - 0.5) < 0.05, "the outlier becomes " + block.value(100));
        assertTrue(error(weights, block) <= error(weights, rounded.pack(weights, 0)));
    }

    @Test
    void oneSignAloneIsPackedAsWellAsTheOther() {
        float[] positive = new float[WEIGHTS];
        float[] negative = new float[WEIGHTS];
        for (int i = 0; i < WEIGHTS; i++) {
            positive[i] = Math.abs(weights(9, 1)[i]);
            negative[i] = -positive[i];
        }
        assertEquals(error(positive, searched.pack(positive, 0)), error(negative, searched.pack(negative, 0)));
    }

    @Test
    void aNumberOfWeightsThatBlocksDoNotDivideIsRefused() {
        for (int length : new int[] {1, 255, 257, 384}) {
            Exception refusal = assertThrows(IllegalArgumentException.class, () -> searched.approximate(new float[length]));
            assertEquals(length + " weights are no multiple of 256: leave this tensor as it is", refusal.getMessage());
        }
        assertThrows(IllegalArgumentException.class, () -> searched.pack(new float[300], 100));
    }

    @Test
    void aWeightThatIsNotFiniteIsRefusedByItsPlace() {
        float[] weights = weights(1, 1);
        weights[77] = Float.NaN;
        String message = assertThrows(IllegalArgumentException.class, () -> searched.pack(weights, 0)).getMessage();
        assertEquals("weight 77 is NaN: only finite weights can be packed", message);
    }
}
