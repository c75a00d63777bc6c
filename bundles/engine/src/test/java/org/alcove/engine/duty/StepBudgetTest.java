package org.alcove.engine.duty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class StepBudgetTest {

    private static final long WANTED = 250;

    private final StepBudget budget = new StepBudget(WANTED, 0);

    @Test
    void stepsBesideAnswersComeToTheWantedTime() {
        steps(true, 10);
        assertEquals(WANTED, 10.0 * budget.tokens(true), 10);
    }

    @Test
    void stepsThatNoAnswerWaitsForMayBeLonger() {
        steps(false, 10);
        assertEquals(WANTED * StepBudget.PATIENCE, 10.0 * budget.tokens(false), 20);
    }

    @Test
    void oneKindOfStepTeachesTheOtherNothing() {
        int before = budget.tokens(true);
        steps(false, 10);
        assertEquals(before, budget.tokens(true));
    }

    @Test
    void aStepNeverHasMoreTokensThanBuffersHold() {
        steps(false, 1);
        assertEquals(StepBudget.MOST, budget.tokens(false));
    }

    @Test
    void anEngineThatIsHeldBackBeginsWithWhatTheLimitLetsThrough() {
        StepBudget slow = new StepBudget(250_000_000, 10);
        assertEquals(40, slow.tokens(false), "of 4 s");
        assertEquals(8, slow.tokens(true), "no fewer than a slow machine");
        StepBudget quick = new StepBudget(250_000_000, 1_000_000);
        assertEquals(new StepBudget(250_000_000, 0).tokens(true), quick.tokens(true));
    }

    @Test
    void aSlowMachineStillGoesOn() {
        steps(true, 1_000_000);
        assertTrue(budget.tokens(true) > 0);
    }

    @Test
    void aStepThatWasNotFullDoesNotSayThatMoreWouldFit() {
        int before = budget.tokens(true);
        budget.measured(true, before / 4, 1);
        assertEquals(before, budget.tokens(true));
    }

    /** Full steps that take so long for each token. */
    private void steps(boolean answering, long nanosPerToken) {
        for (int i = 0; i < 20; i++) {
            int tokens = budget.tokens(answering);
            budget.measured(answering, tokens, tokens * nanosPerToken);
        }
    }
}
