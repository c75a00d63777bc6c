package org.alcove.testkit.scheduling;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.random.RandomGenerator;
import org.alcove.api.scheduling.Choice;
import org.alcove.api.scheduling.SchedulingPolicy;
import org.alcove.api.worker.EmbedRequest;
import org.alcove.api.worker.GenerateRequest;
import org.alcove.api.worker.Request;
import org.alcove.api.worker.RequestContext;
import org.alcove.api.worker.RerankRequest;
import org.alcove.api.worker.SamplingParameters;
import org.alcove.api.worker.ScoreRequest;
import org.alcove.api.worker.WorkerStatus;
import org.junit.jupiter.api.Test;

/** What every policy promises. Extend it in a test of your own and say which policy is meant. */
public abstract class PolicyContract {

    private static final int ROUNDS = 200;
    private static final int MOST_CANDIDATES = 1000;
    private static final double[] SPEEDS = {1, 20, 0.001, Double.MIN_VALUE, Double.MAX_VALUE, 0, -1, Double.NaN,
        Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY};
    private static final int[] QUEUES = {0, 1, 7, Integer.MAX_VALUE};

    /** The policy to be tested; asked for once in each test. */
    protected abstract SchedulingPolicy policy();

    /** A request of the usual kind. */
    protected static GenerateRequest request() {
        return new GenerateRequest("m", RequestContext.named("r"), new GenerateRequest.Text("x"), SamplingParameters.GREEDY,
                GenerateRequest.Limits.tokens(1), GenerateRequest.Logprobs.NONE);
    }

    @Test
    void theChoiceIsOneOfTheCandidatesTheVeryObject() {
        SchedulingPolicy policy = policy();
        Random figures = new Random(1);
        for (int round = 0; round < ROUNDS; round++) {
            List<WorkerStatus> candidates = candidates(1 + figures.nextInt(20), figures);
            checkedChoice(policy, request(), candidates, new Random(round));
        }
    }

    @Test
    void aSingleCandidateIsChosenWhateverItsFigures() {
        SchedulingPolicy policy = policy();
        for (double speed : SPEEDS) {
            for (int queue : QUEUES) {
                WorkerStatus only = SampleWorker.of("only", speed, queue);
                assertSame(only, checkedChoice(policy, request(), List.of(only), new Random(1)).worker());
            }
        }
    }

    @Test
    void anyNumberOfCandidatesWithExtremeFiguresIsServed() {
        SchedulingPolicy policy = policy();
        Random figures = new Random(2);
        for (int count = 1; count <= MOST_CANDIDATES; count += 1 + count / 10) {
            checkedChoice(policy, request(), candidates(count, figures), new Random(count));
        }
        checkedChoice(policy, request(), candidates(MOST_CANDIDATES, figures), new Random(3));
    }

    @Test
    void theLargestAndTheSmallestRandomNumberAreServed() {
        SchedulingPolicy policy = policy();
        List<WorkerStatus> candidates = candidates(10, new Random(4));
        for (long bits : new long[] {0, -1, 1, Long.MIN_VALUE, Long.MAX_VALUE}) {
            checkedChoice(policy, request(), candidates, beginningWith(bits));
        }
    }

    @Test
    void everyKindOfRequestIsServed() {
        SchedulingPolicy policy = policy();
        RequestContext context = RequestContext.named("r").withTenant("t").withPrefixHint("hint");
        List<Request> kinds = List.of(request(), new ScoreRequest("m", context, "", List.of("a")),
                new EmbedRequest("m", context, List.of("a")), new RerankRequest("m", context, "q", List.of("d")));
        for (Request kind : kinds) {
            checkedChoice(policy, kind, candidates(3, new Random(5)), new Random(6));
        }
    }

    @Test
    void theSameRandomNumbersGiveTheSameChoiceWhateverWasChosenBefore() {
        SchedulingPolicy policy = policy();
        List<WorkerStatus> equals = new ArrayList<>();
        for (int i = 0; i < 16; i++) {
            equals.add(SampleWorker.of("equal-" + i, 1, 1));
        }
        for (int round = 0; round < ROUNDS; round++) {
            Choice first = checkedChoice(policy, request(), equals, new Random(round));
            checkedChoice(policy, request(), candidates(5, new Random(round)), new Random(-round));
            Choice second = checkedChoice(policy, request(), equals, new Random(round));
            assertSame(first.worker(), second.worker(), "the policy remembers something, or uses randomness of its own");
            assertEquals(first.reason(), second.reason());
        }
    }

    /** A choice, checked for what holds of every choice. The candidates are given in a list that cannot be changed. */
    private static Choice checkedChoice(SchedulingPolicy policy, Request request, List<WorkerStatus> candidates,
            RandomGenerator random) {
        Choice choice = policy.choose(request, List.copyOf(candidates), random);
        assertNotNull(choice, "a policy always chooses");
        assertTrue(candidates.stream().anyMatch(candidate -> candidate == choice.worker()),
                () -> "the choice is none of the candidates: " + choice.worker());
        assertNotNull(choice.reason(), "a choice has a reason");
        assertFalse(choice.reason().isBlank(), "a choice has a reason");
        return choice;
    }

    private static List<WorkerStatus> candidates(int count, Random figures) {
        List<WorkerStatus> candidates = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            candidates.add(SampleWorker.of("worker-" + i, SPEEDS[figures.nextInt(SPEEDS.length)],
                    QUEUES[figures.nextInt(QUEUES.length)]));
        }
        return candidates;
    }

    /** A generator whose first number has these bits: among them both ends of the range of {@code nextDouble}. */
    private static RandomGenerator beginningWith(long bits) {
        Random rest = new Random(8);
        AtomicBoolean begun = new AtomicBoolean();
        return () -> begun.getAndSet(true) ? rest.nextLong() : bits;
    }
}
