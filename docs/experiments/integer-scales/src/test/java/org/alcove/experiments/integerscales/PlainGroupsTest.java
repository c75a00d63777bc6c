package org.alcove.experiments.integerscales;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.Test;

class PlainGroupsTest {

    private static double error(float[] before, float[] after) {
        double error = 0;
        for (int i = 0; i < before.length; i++) {
            error += ((double) before[i] - after[i]) * ((double) before[i] - after[i]);
        }
        return error;
    }

    @Test
    void withoutASearchTheExtremeOfAGroupIsTheLowestCode() {
        float[] weights = new float[32];
        weights[3] = 2;
        weights[4] = -1;
        weights[5] = 0.3f;
        assertEquals(-0.25f, new PlainGroups(32, Search.NONE).scale(weights, 0));
        float[] values = new PlainGroups(32, Search.NONE).approximate(weights);
        assertEquals(2, values[3]);
        assertEquals(-1, values[4]);
        assertEquals(0.25f, values[5]);
    }

    @Test
    void theSearchNeverLeavesMoreError() {
        Random random = new Random(2);
        for (int group : new int[] {32, 64, 128}) {
            float[] weights = new float[group];
            for (int round = 0; round < 200; round++) {
                for (int i = 0; i < group; i++) {
                    weights[i] = (float) (0.1 * random.nextGaussian());
                }
                double plain = error(weights, new PlainGroups(group, Search.NONE).approximate(weights));
                assertTrue(error(weights, new PlainGroups(group, Search.SQUARES).approximate(weights)) <= plain);
            }
        }
    }

    @Test
    void zerosStayZerosAndRaggedSizesAreRefused() {
        assertArrayEquals(new float[64], new PlainGroups(32, Search.SQUARES).approximate(new float[64]));
        assertThrows(IllegalArgumentException.class, () -> new PlainGroups(32, Search.SQUARES).approximate(new float[48]));
    }
}
