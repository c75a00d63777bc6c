package org.alcove.scheduler.lottery;

import java.util.List;
import java.util.Locale;
import java.util.random.RandomGenerator;
import org.alcove.api.scheduling.Choice;
import org.alcove.api.scheduling.PolicyName;
import org.alcove.api.scheduling.SchedulingPolicy;
import org.alcove.api.worker.Request;
import org.alcove.api.worker.WorkerStatus;
import org.osgi.service.component.annotations.Component;

/**
 * Draws a worker, each with a probability proportional to its measured speed. A speed that is no positive number has no share,
 * unless nobody has one: then all are drawn alike.
 */
@Component
@PolicyName("lottery")
public final class LotteryPolicy implements SchedulingPolicy {

    @Override
    public Choice choose(Request request, List<WorkerStatus> candidates, RandomGenerator random) {
        double[] speeds = candidates.stream().mapToDouble(LotteryPolicy::share).toArray();
        double fastest = 0;
        for (double speed : speeds) {
            fastest = Math.max(fastest, speed);
        }
        double sum = 0;
        for (int i = 0; i < speeds.length; i++) {
            // Divided by the largest first, so that no sum of finite speeds overflows.
            speeds[i] = fastest > 0 ? speeds[i] / fastest : 1;
            sum += speeds[i];
        }
        int drawn = draw(speeds, random.nextDouble() * sum);
        WorkerStatus worker = candidates.get(drawn);
        return new Choice(worker, String.format(Locale.ROOT, "drawn with a chance of %.1f %% (%.4g tokens/s, 1 of %d)",
                100 * speeds[drawn] / sum, worker.speed(), candidates.size()));
    }

    private static double share(WorkerStatus worker) {
        double speed = worker.speed();
        return speed > 0 ? Math.min(speed, Double.MAX_VALUE) : 0;
    }

    private static int draw(double[] shares, double ticket) {
        double rest = ticket;
        int last = 0;
        for (int i = 0; i < shares.length; i++) {
            if (shares[i] > 0) {
                if (rest < shares[i]) {
                    return i;
                }
                rest -= shares[i];
                last = i;
            }
        }
        // Rounding may leave a trifle.
        return last;
    }
}
