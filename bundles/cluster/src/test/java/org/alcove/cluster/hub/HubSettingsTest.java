package org.alcove.cluster.hub;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import org.alcove.configuration.GivenValues;
import org.junit.jupiter.api.Test;

class HubSettingsTest {

    private static HubSettings with(String key, Object value) {
        return HubSettings.of(new GivenValues(HubConfiguration.class, Map.of(key, value, "service.pid", "org.example")));
    }

    private static String refusal(String key, Object value) {
        return assertThrows(IllegalArgumentException.class, () -> with(key, value)).getMessage();
    }

    @Test
    void whatIsNotConfiguredIsTheDefault() {
        HubSettings settings = with("max_tickets", 3);
        assertEquals(3, settings.mostTickets());
        assertEquals(Duration.ofSeconds(5), settings.heartbeat());
        assertEquals(new Directory.Terms(2000, Duration.ofSeconds(600), Duration.ofSeconds(60), Duration.ofSeconds(50),
                Optional.empty()), settings.terms());
        assertEquals(Optional.of(Duration.ofSeconds(300)), with("worker_policy_file", "p.json").terms().evidence());
    }

    @Test
    void whatCannotBeIsNamedWithItsPlaceItsValueAndWhatCan() {
        assertEquals("heartbeat_seconds in org.example is \"zz\"; a whole number from 1 to 2147483646 is possible",
                refusal("heartbeat_seconds", "zz"));
        assertEquals("gone_after_seconds in org.example is \"5\"; a whole number from 6 to 2147483647 is possible",
                refusal("gone_after_seconds", 5));
        assertEquals("forget_seconds in org.example is \"59\"; a whole number from 60 to 2147483647 is possible",
                refusal("forget_seconds", 59));
        assertEquals("trust_fastchat in org.example is \"everywhere\"", refusal("trust_fastchat", "everywhere").split(";")[0]);
    }
}
