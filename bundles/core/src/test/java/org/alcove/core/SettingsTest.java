package org.alcove.core;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.annotation.Annotation;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SettingsTest {

    private record Configured(String policy, String[] policy__per__model, int heartbeat__seconds, int late__after__seconds,
            int gone__after__seconds, int dispatch__history, int resume__wait__seconds, int rest__after__failures,
            int first__rest__seconds, int longest__rest__seconds) implements CoreConfiguration {

        @Override
        public Class<? extends Annotation> annotationType() {
            return CoreConfiguration.class;
        }
    }

    @Test
    void modelsMayHavePoliciesOfTheirOwn() {
        Settings settings = Settings.of(new Configured("a", new String[] {"m=b", "odd=name=c"}, 1, 2, 3, 4, 5, 6, 7, 8));
        assertEquals(Map.of("m", "b", "odd=name", "c"), settings.policyPerModel());
        assertEquals("a", settings.policyFor("other"));
        assertEquals("b", settings.policyFor("m"));
        assertEquals(List.of(), settings.faults());
        assertEquals(Duration.ofSeconds(2), settings.lateAfter());
        assertEquals(Duration.ofSeconds(5), settings.resumeWait());
        assertEquals(new Rest.Rule(6, Duration.ofSeconds(7), Duration.ofSeconds(8)), settings.rest());
    }

    @Test
    void whatMakesNoSenseIsNamedWithWhatHoldsInstead() {
        Settings settings = Settings.of(new Configured("a", new String[] {"m", "=x", "y="}, 20, 10, 5, -1, -1, -1, 0, 0));
        assertEquals(9, settings.faults().size(), settings.faults()::toString);
        assertTrue(settings.faults().get(3).contains("heartbeat_seconds 20, late_after_seconds 10"), settings.faults().get(3));
        assertEquals(Duration.ofSeconds(Settings.DEFAULT_LATE_SECONDS), settings.lateAfter());
        assertEquals(0, settings.history());
        assertEquals(new Rest.Rule(0, Duration.ofSeconds(1), Duration.ofSeconds(1)), settings.rest());
    }
}
