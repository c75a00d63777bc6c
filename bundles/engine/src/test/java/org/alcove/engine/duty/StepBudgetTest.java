package org.alcove.engine.duty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class StepBudgetTest {

    private static final long WANTED = 250;

    private final StepBudget budget = new StepBudget(WANTED);

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
