package org.alcove.scheduler.shortestqueue;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Random;
import org.alcove.api.scheduling.Choice;
import org.alcove.api.scheduling.SchedulingPolicy;
import org.alcove.api.worker.WorkerStatus;
import org.alcove.testkit.scheduling.PolicyContract;
import org.alcove.testkit.scheduling.SampleWorker;
import org.junit.jupiter.api.Test;

class ShortestQueuePolicyTest extends PolicyContract {

    @Override
    protected SchedulingPolicy policy() {
        return new ShortestQueuePolicy();
    }

    private static Choice choice(WorkerStatus... candidates) {
        return new ShortestQueuePolicy().choose(request(), List.of(candidates), new Random(1));
    }

    private static String chosen(WorkerStatus... candidates) {
        return choice(candidates).worker().id();
    }

    @Test
    void theQueueIsMeasuredBySpeed() {
        assertEquals("fast", chosen(SampleWorker.of("slow", 1, 2), SampleWorker.of("fast", 10, 15)));
        assertEquals("slow", chosen(SampleWorker.of("slow", 1, 1), SampleWorker.of("fast", 10, 15)));
    }

    @Test
    void ofEqualQueuesTheFasterWorkerIsTaken() {
        assertEquals("fast", chosen(SampleWorker.of("slow", 1, 0), SampleWorker.of("fast", 2, 0)));
        assertEquals("fast", chosen(SampleWorker.of("slow", 1, 1), SampleWorker.of("fast", 2, 2)));
    }

    @Test
    void ofEqualWorkersTheFirstIsTaken() {
        assertEquals("first", chosen(SampleWorker.of("first", 3, 1), SampleWorker.of("second", 3, 1)));
    }

    @Test
    void aSpeedThatIsNoNumberCountsAsTheSlowest() {
        for (double speed : new double[] {0, Double.NaN, -5}) {
            assertEquals("known", chosen(SampleWorker.of("odd", speed, 1), SampleWorker.of("known", 0.1, 9)));
            assertEquals("known", chosen(SampleWorker.of("odd", speed, 0), SampleWorker.of("known", 0.1, 0)));
            assertEquals("odd", chosen(SampleWorker.of("odd", speed, 0), SampleWorker.of("known", 0.1, 1)));
        }
    }

    @Test
    void theReasonGivesTheFigures() {
        assertEquals("2 requests at 40.50 tokens/s, the shortest queue of 2",
                choice(SampleWorker.of("a", 40.5, 2), SampleWorker.of("b", 40.5, 3)).reason());
    }
}
