package org.alcove.simulation;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.alcove.api.scheduling.Choice;
import org.alcove.api.scheduling.SchedulingPolicy;
import org.alcove.api.worker.WorkerStatus;
import org.junit.jupiter.api.Test;

class SimulatedWorkerTest {

    private static double[] responses(ServiceModel model, double... secondsAndWork) {
        List<Arrival> arrivals = new ArrayList<>();
        for (int i = 0; i < secondsAndWork.length; i += 2) {
            arrivals.add(new Arrival(secondsAndWork[i], secondsAndWork[i + 1]));
        }
        return Simulation.run(arrivals, new Cluster(new double[] {10}, model, 0), (job, all) -> 0).response();
    }

    private static void assertResponses(double[] actual, double... expected) {
        assertArrayEquals(expected, actual, 1e-9);
    }

    @Test
    void oneSlotServesOneAfterTheOther() {
        assertResponses(responses(ServiceModel.ONE_BY_ONE, 0, 100, 1, 10, 50, 20), 10, 10, 2);
    }

    @Test
    void requestsShareTheSpeed() {
        // Both get 5 tokens/s from second 2 on: the second ends at 6, the first has 60 left then, and ends at 12.
        assertResponses(responses(new ServiceModel(64, 1), 0, 100, 2, 20), 12, 4);
    }

    @Test
    void oneAloneGetsItsShareOnly() {
        assertResponses(responses(new ServiceModel(64, 0.5), 0, 100, 0, 100), 20, 20);
        assertResponses(responses(new ServiceModel(64, 0.5), 0, 100), 20);
    }

    @Test
    void theThirdWaitsForOneOfTwoSlots() {
        // 5 tokens/s each: the first ends at 2, then the third begins, and ends at 6; the second ends at 8 (with 10 at the end).
        assertResponses(responses(new ServiceModel(2, 1), 0, 10, 0, 50, 0, 20), 2, 8, 6);
    }

    @Test
    void anEndForetoldIsTheEndIfNobodyComes() {
        Random random = new Random(3);
        for (int round = 0; round < 500; round++) {
            ServiceModel model = new ServiceModel(1 + random.nextInt(6), 0.2 + 0.8 * random.nextDouble());
            List<Arrival> arrivals = new ArrayList<>();
            double now = 0;
            for (int i = 0; i < 12; i++) {
                arrivals.add(new Arrival(now, 1 + random.nextInt(100)));
                now += random.nextDouble() * 5;
            }
            double[] foretold = new double[1];
            double[] response = Simulation.run(arrivals, new Cluster(new double[] {10}, model, 0), (job, cluster) -> {
                foretold[0] = cluster.workers().getFirst().endOf(job.arrival.work(), job.arrival.seconds());
                return 0;
            }).response();
            assertEquals(foretold[0], arrivals.getLast().seconds() + response[11], 1e-6, model::toString);
        }
    }

    @Test
    void theClairvoyantTakesWhoEndsFirst() {
        Cluster cluster = new Cluster(new double[] {10, 40}, ServiceModel.ONE_BY_ONE, 0);
        Simulation.Outcome outcome = Simulation.run(List.of(new Arrival(0, 400), new Arrival(1, 100), new Arrival(2, 40)),
                cluster, new Clairvoyant());
        // The second would end at 11.5 after the first, and ends at 11 alone; the third would wait for either.
        assertEquals(List.of(1, 0, 1), Arrays.stream(outcome.servedBy()).boxed().toList());
    }

    @Test
    void theClairvoyantsShortCutsChangeNoChoice() {
        Chooser plain = (job, cluster) -> {
            int best = 0;
            double[] ends = cluster.workers().stream().mapToDouble(
                    worker -> worker.endOf(job.arrival.work(), job.arrival.seconds())).toArray();
            for (int i = 1; i < ends.length; i++) {
                best = ends[i] < ends[best] - 1e-9 ? i : best;
            }
            return best;
        };
        // Odd figures: a ninth of one worker is not three tenths of another, so nobody ties.
        double[] speeds = {41.3, 28.9, 17.1, 7.7, 3.9};
        for (ServiceModel model : List.of(ServiceModel.ONE_BY_ONE, new ServiceModel(3, 0.4), new ServiceModel(64, 0.3))) {
            Trace trace = Trace.generated(3000, Work.HEAVY, 100, 100, 11);
            assertArrayEquals(Simulation.run(trace.arrivals(), new Cluster(speeds, model, 0), plain).servedBy(),
                    Simulation.run(trace.arrivals(), new Cluster(speeds, model, 0), new Clairvoyant()).servedBy(),
                    model.toString());
        }
    }

    @Test
    void requestsOfTheSameMomentSeeEachOtherCounted() {
        List<List<Integer>> seen = new ArrayList<>();
        SchedulingPolicy firstOfTheShortest = (request, candidates, random) -> {
            seen.add(candidates.stream().map(WorkerStatus::queueLength).toList());
            return new Choice(candidates.get(seen.size() % 2), "in turns");
        };
        Simulation.run(List.of(new Arrival(0, 10), new Arrival(0, 10), new Arrival(0, 10), new Arrival(1, 10),
                new Arrival(9, 10)),
                new Cluster(new double[] {10, 10}, ServiceModel.ONE_BY_ONE, 0), new PolicyChooser("p", firstOfTheShortest, 1));
        assertEquals(List.of(List.of(0, 0), List.of(0, 1), List.of(1, 1), List.of(0, 1), List.of(0, 0)), seen);
    }

    @Test
    void whatHasEndedIsLearntFromTheNextBeat() {
        List<Integer> seen = new ArrayList<>();
        SchedulingPolicy only = (request, candidates, random) -> {
            seen.add(candidates.getFirst().queueLength());
            return new Choice(candidates.getFirst(), "the only one");
        };
        Simulation.run(List.of(new Arrival(0, 10), new Arrival(2, 10), new Arrival(4.9, 10), new Arrival(5, 10),
                new Arrival(14, 1), new Arrival(15.5, 10)), new Cluster(new double[] {10}, ServiceModel.ONE_BY_ONE, 5),
                new PolicyChooser("p", only, 1));
        // Each takes a second. All are counted as they are sent; at 5 one of three is still there, at 10 and 15 none is.
        assertEquals(List.of(0, 1, 2, 1, 0, 0), seen);
    }

    @Test
    void aPolicyThatChoosesAStrangerIsNamed() {
        SchedulingPolicy stranger = (request, candidates, random) -> new Choice(SimulatedStatus.of(0, 1, 0, 0, 0), "made up");
        Cluster cluster = new Cluster(new double[] {10, 10}, ServiceModel.ONE_BY_ONE, 0);
        assertEquals("the scheduling policy odd chose a worker that is none of the 2 candidates; replace its bundle, or leave it"
                + " out with --policies", assertThrows(IllegalStateException.class, () -> Simulation.run(
                        List.of(new Arrival(0, 1)), cluster, new PolicyChooser("odd", stranger, 1))).getMessage());
    }
}
