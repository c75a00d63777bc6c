package org.alcove.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.util.List;
import org.alcove.engine.EngineMemory;
import org.junit.jupiter.api.Test;

class MemoryBudgetTest {

    private final MemoryBudget budget = new MemoryBudget(100);

    private static MemoryBudget.Tenant tenant(String name, long bytes, boolean movable, long lastUse) {
        return new MemoryBudget.Tenant(name, bytes, movable, Instant.ofEpochSecond(lastUse));
    }

    @Test
    void asManyGoAsAreNeededTheLeastRecentlyUsedFirst() {
        List<MemoryBudget.Tenant> tenants =
                List.of(tenant("new", 30, true, 9), tenant("old", 30, true, 1), tenant("fixed", 30, false, 0));
        assertEquals(List.of(), budget.leaving(10, tenants));
        assertEquals(List.of("old"), budget.leaving(11, tenants).stream().map(MemoryBudget.Tenant::name).toList());
        assertEquals(List.of("old", "new"), budget.leaving(41, tenants).stream().map(MemoryBudget.Tenant::name).toList());
        assertTrue(budget.fits(70, tenants, budget.leaving(70, tenants)));
        assertFalse(budget.fits(71, tenants, budget.leaving(71, tenants)));
    }

    @Test
    void aModelThatIsTooLargeByItsCacheAloneNeedsAllThereIsAndOneByItsWeightsIsTooLarge() {
        assertEquals(60, budget.needed(new EngineMemory(50, 10, 0, 0)));
        assertEquals(100, budget.needed(new EngineMemory(50, 1000, 0, 0)));
        assertEquals(130, budget.needed(new EngineMemory(110, 1000, 20, 0)));
    }

    @Test
    void withoutBytesABudgetIsAShareOfAllMemory() {
        long half = MemoryBudget.of(0, 50).bytes();
        assertTrue(half > 0 && MemoryBudget.of(0, 100).bytes() - 2 * half < 2 * 100, "half is " + half);
        assertEquals(7, MemoryBudget.of(7, 50).bytes());
    }
}
