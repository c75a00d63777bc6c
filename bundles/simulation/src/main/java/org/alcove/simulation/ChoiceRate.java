package org.alcove.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.LongSupplier;
import org.alcove.api.scheduling.SchedulingPolicy;
import org.alcove.api.worker.GenerateRequest;
import org.alcove.api.worker.WorkerStatus;

/** Measures how many choices a second policies make. The one part of the simulation that looks at the real clock. */
final class ChoiceRate {

    private static final double[] SPEEDS = {20, 20, 80};
    private static final int LONGEST_QUEUE = 20;
    private static final int ROUND = 16;

    private final LongSupplier nanos;
    private final long warmUp;
    private final long measured;

    /**
     * A measurement of each policy and number of workers.
     *
     * @param nanos the clock
     * @param warmUp nanoseconds before the measurement, for the compiler
     * @param measured nanoseconds it takes at least
     */
    ChoiceRate(LongSupplier nanos, long warmUp, long measured) {
        this.nanos = nanos;
        this.warmUp = warmUp;
        this.measured = measured;
    }

    /** A table of all policies over all numbers of workers. */
    Table table(Map<String, SchedulingPolicy> policies, int[] workers, long seed) {
        Table table = new Table("policy", "workers", "choices/s", "microseconds each", "choices/s with statuses made anew");
        // Before the first figure all policies have run, so that the compiler knows all of them in all of the figures.
        policies.forEach((name, policy) -> {
            PolicyChooser chooser = new PolicyChooser(name, policy, seed);
            repeat(() -> chooser.choose(PolicyChooser.request(1), statuses(workers[0], seed)), warmUp);
        });
        policies.forEach((name, policy) -> {
            for (int count : workers) {
                PolicyChooser chooser = new PolicyChooser(name, policy, seed);
                List<WorkerStatus> statuses = statuses(count, seed);
                GenerateRequest request = PolicyChooser.request(1);
                double plain = perSecond(() -> chooser.choose(request, statuses));
                double anew = perSecond(() -> chooser.choose(request, statuses(count, seed)));
                table.row(name, String.valueOf(count), Table.figure(plain), Table.figure(1e6 / plain), Table.figure(anew));
            }
        });
        return table;
    }

    private static List<WorkerStatus> statuses(int count, long seed) {
        Random random = new Random(seed);
        List<WorkerStatus> statuses = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            int queue = random.nextInt(LONGEST_QUEUE + 1);
            statuses.add(SimulatedStatus.of(i, SPEEDS[i % SPEEDS.length], queue, queue, 0));
        }
        return statuses;
    }

    private double perSecond(Runnable choice) {
        repeat(choice, warmUp);
        long start = nanos.getAsLong();
        long choices = repeat(choice, measured);
        return choices * 1e9 / Math.max(1, nanos.getAsLong() - start);
    }

    private long repeat(Runnable choice, long atLeast) {
        long start = nanos.getAsLong();
        long choices = 0;
        do {
            for (int i = 0; i < ROUND; i++) {
                choice.run();
            }
            choices += ROUND;
        } while (nanos.getAsLong() - start < atLeast);
        return choices;
    }
}
