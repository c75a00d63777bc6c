package org.alcove.worker;

import java.time.Duration;
import org.alcove.configuration.GivenValues;

/**
 * How models share the memory of the process, as configured.
 *
 * @param budget memory of all models
 * @param onDemand whether requests load models
 * @param patience how long a request waits for its model
 * @param keepAliveSeconds where nothing is said about a model; -1 for ever
 */
record ResidenceRules(MemoryBudget budget, boolean onDemand, Duration patience, long keepAliveSeconds) {

    /** @throws IllegalArgumentException if a value cannot be; the message names it */
    static ResidenceRules of(GivenValues values) {
        return new ResidenceRules(MemoryBudget.of(values.whole("memory_budget_bytes", 0, Long.MAX_VALUE),
                values.integer("memory_budget_percent", 1)), values.flag("load_on_demand"),
                Duration.ofSeconds(values.integer("load_wait_seconds", 0)),
                values.whole("keep_alive_seconds", -1, Integer.MAX_VALUE));
    }
}
