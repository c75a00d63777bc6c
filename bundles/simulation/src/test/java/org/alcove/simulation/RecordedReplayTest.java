package org.alcove.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;
import org.alcove.api.scheduling.Choice;
import org.alcove.api.scheduling.PolicyName;
import org.alcove.api.scheduling.SchedulingPolicy;
import org.alcove.api.worker.WorkerStatus;
import org.alcove.scheduler.lottery.LotteryPolicy;
import org.alcove.scheduler.shortestqueue.ShortestQueuePolicy;
import org.alcove.simulation.replay.PolicyReplay;
import org.junit.jupiter.api.Test;

class RecordedReplayTest {

    private static final List<PolicyReplay.Server> TWO = List.of(new PolicyReplay.Server("a", "m", 10),
            new PolicyReplay.Server("b", "m", 10));

    private final InstalledPolicies policies = new InstalledPolicies();
    private final PolicyReplay replay = new RecordedReplay(policies);

    private void install(String name, SchedulingPolicy policy) {
        policies.bind(policy, Map.of(PolicyName.PROPERTY, name, "service.id", 1L));
    }

    private List<PolicyReplay.Result> replay(List<PolicyReplay.Order> orders, List<PolicyReplay.Server> servers) {
        return replay.replay(new PolicyReplay.Recording(orders, servers, 1, 7));
    }

    @Test
    void figuresAreThoseThatCanBeReckonedByHand() {
        install("first", (request, candidates, random) -> new Choice(candidates.getFirst(), "always"));
        install("shortest_queue", new ShortestQueuePolicy());
        // Two requests of ten seconds at the same worker, the second two seconds after the first; given in the wrong order.
        List<PolicyReplay.Result> results = replay(List.of(new PolicyReplay.Order(102, "m", 100),
                new PolicyReplay.Order(100, "m", 100)), TWO);
        assertEquals(List.of("first", "shortest_queue"), results.stream().map(PolicyReplay.Result::policy).toList());
        PolicyReplay.Result first = results.getFirst();
        assertEquals(4, first.meanWaiting(), 1e-9);
        assertEquals(0, first.waiting().getFirst(), 1e-9);
        assertEquals(8, first.waiting().get(95), 1e-9);
        assertEquals(14, first.meanResponse(), 1e-9);
        assertEquals(28.0 / 20, first.meanQueue(), 1e-9);
        assertEquals(2, first.longestQueue());
        assertEquals(List.of(new PolicyReplay.Share("a", 2, 1), new PolicyReplay.Share("b", 0, 0)), first.shares());
        PolicyReplay.Result shortest = results.getLast();
        assertEquals(0, shortest.meanWaiting(), 1e-9);
        assertEquals(1, shortest.longestQueue());
        assertEquals(List.of(new PolicyReplay.Share("a", 1, 0.5), new PolicyReplay.Share("b", 1, 0.5)), shortest.shares());
    }

    @Test
    void eachModelKeepsToItsOwnWorkersAndModelsWithoutAnyArePassedOver() {
        install("lottery", new LotteryPolicy());
        PolicyReplay.Result result = replay(List.of(new PolicyReplay.Order(0, "m", 10), new PolicyReplay.Order(1, "n", 30),
                new PolicyReplay.Order(2, "gone", 10)), List.of(new PolicyReplay.Server("a", "m", 10),
                new PolicyReplay.Server("b", "n", 10), new PolicyReplay.Server("c", "idle", 10))).getFirst();
        assertEquals("", result.fault());
        assertEquals(2, result.meanResponse(), 1e-9);
        assertEquals(List.of(new PolicyReplay.Share("a", 1, 1), new PolicyReplay.Share("b", 1, 1),
                new PolicyReplay.Share("c", 0, 0)), result.shares());
    }

    @Test
    void aPolicyThatKeepsSomethingBetweenTwoChoicesIsFoundOut() {
        AtomicInteger turn = new AtomicInteger();
        install("in_turns", (request, candidates, random) ->
                new Choice(candidates.get(turn.getAndIncrement() % candidates.size()), "its turn"));
        install("lottery", new LotteryPolicy());
        List<PolicyReplay.Result> results = replay(List.of(new PolicyReplay.Order(0, "m", 10), new PolicyReplay.Order(1, "m", 10),
                new PolicyReplay.Order(2, "m", 10)), TWO);
        assertTrue(results.getFirst().fault().contains("must keep nothing"), results.getFirst().fault());
        assertEquals("", results.getLast().fault());
    }

    @Test
    void aPolicyThatFailsIsBlamedAndTheOthersAreReplayed() {
        install("broken", (request, candidates, random) -> {
            throw new UnsupportedOperationException("not yet");
        });
        install("none", (request, candidates, random) -> null);
        install("shortest_queue", new ShortestQueuePolicy());
        List<PolicyReplay.Result> results = replay(List.of(new PolicyReplay.Order(0, "m", 10)), TWO);
        assertTrue(results.get(0).fault().contains("not yet"), results.get(0).fault());
        assertTrue(results.get(1).fault().contains("chose nothing"), results.get(1).fault());
        assertEquals("", results.get(2).fault());
    }

    @Test
    void aPolicySeesASnapshotUnderTheTrueNames() {
        List<List<WorkerStatus>> seen = new ArrayList<>();
        install("keeper", (request, candidates, random) -> {
            seen.add(candidates);
            assertEquals("m", request.model());
            assertThrows(UnsupportedOperationException.class, () -> candidates.remove(0));
            return new Choice(candidates.getFirst(), "always");
        });
        assertEquals("", replay(List.of(new PolicyReplay.Order(0, "m", 100), new PolicyReplay.Order(1, "m", 100)), TWO)
                .getFirst().fault());
        assertEquals("a", seen.getFirst().getFirst().id());
        assertEquals(List.of("m"), seen.getFirst().getFirst().models());
        assertEquals(0, seen.get(0).getFirst().queueLength(), "what was seen before the first choice stays as it was");
        assertEquals(1, seen.get(1).getFirst().queueLength());
    }
}
