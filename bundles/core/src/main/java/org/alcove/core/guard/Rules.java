package org.alcove.core.guard;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;

/**
 * The configuration, checked.
 *
 * @param longestCall after which a guard has said no
 * @param required names of guards that must be there
 */
record Rules(Duration longestCall, List<String> required) {

    static final int DEFAULT_CALL_MILLIS = 2000;
    static final Rules DEFAULT = new Rules(Duration.ofMillis(DEFAULT_CALL_MILLIS), List.of());

    Rules {
        required = List.copyOf(required);
    }

    /** @throws IllegalArgumentException if a value is out of its range; says which */
    static Rules of(GuardConfiguration configuration) {
        int millis = configuration.longest__call__millis();
        if (millis < 1) {
            throw new IllegalArgumentException("longest_call_millis is " + millis + "; it must be at least 1");
        }
        return new Rules(Duration.ofMillis(millis), Arrays.stream(configuration.required()).map(String::strip)
                .filter(name -> !name.isEmpty()).toList());
    }
}
