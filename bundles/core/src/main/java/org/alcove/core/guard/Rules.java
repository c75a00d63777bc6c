package org.alcove.core.guard;

import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.alcove.configuration.GivenValues;

/**
 * The configuration, checked.
 *
 * @param longestCall after which a guard has said no
 * @param required names of guards that must be there
 * @param fault what is wrong with it, if anything is; what was meant is not known then, so no request may pass
 */
record Rules(Duration longestCall, List<String> required, Optional<String> fault) {

    static final int DEFAULT_CALL_MILLIS = 2000;

    Rules {
        required = List.copyOf(required);
    }

    /** @param former bound of calls, which holds on where a new one cannot be read: answers are being watched */
    static Rules of(GivenValues values, Duration former) {
        List<String> required = values.texts("required").stream().map(String::strip).filter(name -> !name.isEmpty()).toList();
        try {
            return new Rules(Duration.ofMillis(values.integer("longest_call_millis", 1)), required, Optional.empty());
        } catch (IllegalArgumentException e) {
            return new Rules(former, required, Optional.of(e.getMessage()));
        }
    }
}
