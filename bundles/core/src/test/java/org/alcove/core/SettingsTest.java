package org.alcove.core;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.alcove.configuration.GivenValues;
import org.junit.jupiter.api.Test;

class SettingsTest {

    private static final Map<String, Object> WHOLE = Map.of("policy", "a", "policy_per_model", new String[] {"m=b", "odd=name=c"},
            "heartbeat_seconds", 1, "late_after_seconds", 2, "gone_after_seconds", 3, "dispatch_history", 4,
            "resume_wait_seconds", 5, "rest_after_failures", 6, "first_rest_seconds", 7, "longest_rest_seconds", 8);

    private static Settings of(Map<String, Object> given, Settings former) {
        return Settings.of(new GivenValues(CoreConfiguration.class, given), former);
    }

    /** The whole configuration with one value changed. */
    private static Settings changed(String key, Object value, Settings former) {
        Map<String, Object> given = new HashMap<>(WHOLE);
        given.put("service.pid", "org.alcove.core");
        given.put(key, value);
        return of(given, former);
    }

    private static Settings withoutFaults(Settings settings) {
        return new Settings(settings.policy(), settings.policyPerModel(), settings.heartbeat(), settings.lateAfter(),
                settings.goneAfter(), settings.history(), settings.resumeWait(), settings.rest(), List.of());
    }

    @Test
    void modelsMayHavePoliciesOfTheirOwn() {
        Settings settings = of(WHOLE, Settings.DEFAULT);
        assertEquals(Map.of("m", "b", "odd=name", "c"), settings.policyPerModel());
        assertEquals("a", settings.policyFor("other"));
        assertEquals("b", settings.policyFor("m"));
        assertEquals(List.of(), settings.faults());
        assertEquals(Duration.ofSeconds(2), settings.lateAfter());
        assertEquals(Duration.ofSeconds(5), settings.resumeWait());
        assertEquals(new Rest.Rule(6, Duration.ofSeconds(7), Duration.ofSeconds(8)), settings.rest());
    }

    @Test
    void whatIsNotConfiguredIsTheDefault() {
        assertEquals(Settings.DEFAULT, of(Map.of(), of(WHOLE, Settings.DEFAULT)));
    }

    @Test
    void whatCannotBeIsNamedWithItsPlaceAndWhatHeldBeforeHoldsOn() {
        Settings before = of(WHOLE, Settings.DEFAULT);
        for (Map.Entry<String, Object> wrong : Map.<String, Object>of("heartbeat_seconds", "zz", "late_after_seconds", 1,
                "gone_after_seconds", 2, "dispatch_history", -1, "resume_wait_seconds", 1.5, "rest_after_failures", "",
                "first_rest_seconds", 0, "longest_rest_seconds", 6).entrySet()) {
            Settings settings = changed(wrong.getKey(), wrong.getValue(), before);
            assertEquals(before, withoutFaults(settings), wrong::toString);
            assertEquals(List.of(wrong.getKey() + " in org.alcove.core is \"" + wrong.getValue() + "\""),
                    settings.faults().stream().map(fault -> fault.substring(0, fault.indexOf(';'))).toList());
        }
    }

    @Test
    void aFaultSaysWhatIsPossibleAndWhatHoldsUntilThen() {
        assertEquals(List.of("late_after_seconds in org.alcove.core is \"1\"; a whole number from 2 to 2147483646 is possible;"
                        + " until then: heartbeat_seconds 5, late_after_seconds 15 and gone_after_seconds 60"),
                changed("late_after_seconds", 1, Settings.DEFAULT).faults());
        assertEquals(List.of("dispatch_history in org.alcove.core is \"-1\"; a whole number from 0 to 2147483647 is possible;"
                + " until then: 100"), changed("dispatch_history", -1, Settings.DEFAULT).faults());
    }

    @Test
    void anEntryWithoutModelOrPolicyIsNamedAndLeftOut() {
        Settings settings = changed("policy_per_model", new String[] {"m", "n=b", "=x", "y="}, Settings.DEFAULT);
        assertEquals(Map.of("n", "b"), settings.policyPerModel());
        assertEquals("policy_per_model in org.alcove.core is \"[m, n=b, =x, y=]\"; write each entry as model=policy;"
                + " \"m\" is left out", settings.faults().getFirst());
        assertEquals(3, settings.faults().size());
    }
}
