package org.alcove.simulation;

import java.util.Arrays;
import java.util.Locale;
import java.util.Random;

/** How the work of generated requests is spread around its mean. */
enum Work {
    /** All alike. */
    FIXED {
        @Override
        double draw(Random random) {
            return 1;
        }
    },
    /** Many short ones and some long ones, as queueing theory likes it; the standard deviation is the mean. */
    EXPONENTIAL {
        @Override
        double draw(Random random) {
            return exponential(random);
        }
    },
    /** Log-normal with a standard deviation of twice the mean: few requests are most of the work, as with people's. */
    HEAVY {
        @Override
        double draw(Random random) {
            return StrictMath.exp(SIGMA * random.nextGaussian() - SIGMA * SIGMA / 2);
        }
    };

    /** ln(1 + 2²) is the variance of the logarithm. */
    private static final double SIGMA = Math.sqrt(StrictMath.log(5));

    /** Draws a piece of work; 1 on average. */
    abstract double draw(Random random);

    /** An exponentially distributed number, 1 on average. */
    static double exponential(Random random) {
        // 1 - [0, 1) is never 0. StrictMath: the same bits everywhere.
        return -StrictMath.log(1 - random.nextDouble());
    }

    /** By its name on the command line. */
    static Work named(String name) {
        return Arrays.stream(values()).filter(work -> work.word().equals(name)).findFirst()
                .orElseThrow(() -> new IllegalArgumentException("--work " + name
                        + " is not known; choose one of fixed, exponential, heavy"));
    }

    /** Its name on the command line. */
    String word() {
        return name().toLowerCase(Locale.ROOT);
    }
}
