package org.alcove.simulation;

import java.util.Arrays;
import java.util.stream.DoubleStream;

/** Reads which workers there are: {@code 1000}, {@code 1,1,4} or {@code 500x1,200x4}. */
final class Speeds {

    private static final int MOST = 100_000;

    private Speeds() {
    }

    /**
     * Relative speeds of the workers.
     *
     * @throws IllegalArgumentException if the word describes no workers
     */
    static double[] parse(String word) {
        double[] speeds = word.matches("[0-9]+") ? group(word + "x1").toArray()
                : Arrays.stream(word.split(",", -1)).flatMapToDouble(Speeds::group).toArray();
        if (speeds.length > MOST) {
            throw new IllegalArgumentException("--workers " + word + " is " + speeds.length + " workers, at most " + MOST
                    + " are simulated");
        }
        return speeds;
    }

    private static DoubleStream group(String part) {
        int cross = part.indexOf('x');
        try {
            int workers = cross < 0 ? 1 : Integer.parseInt(part.substring(0, cross));
            double speed = Double.parseDouble(part.substring(cross + 1));
            if (workers >= 1 && workers <= MOST && speed > 0 && speed < Double.POSITIVE_INFINITY) {
                return DoubleStream.generate(() -> speed).limit(workers);
            }
        } catch (NumberFormatException e) {
            // Told below, like a number that is out of range.
        }
        throw new IllegalArgumentException("--workers: \"" + part + "\" is not understood; give a number of equal workers up to "
                + MOST + " (1000), their speeds (1,1,4) or groups of them (500x1,200x4)");
    }
}
