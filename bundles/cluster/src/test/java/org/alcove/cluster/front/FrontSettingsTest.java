package org.alcove.cluster.front;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.time.Duration;
import java.util.Map;
import org.alcove.configuration.GivenValues;
import org.junit.jupiter.api.Test;

class FrontSettingsTest {

    private static FrontSettings of(String controller, Object poll) throws IOException {
        return FrontSettings.of(new GivenValues(ApiConfiguration.class,
                Map.of("controller", controller, "poll_seconds", poll, "service.pid", "org.example")));
    }

    @Test
    void whatIsNotConfiguredIsTheDefault() throws IOException {
        FrontSettings settings = of("http://127.0.0.1:21001", "3");
        assertEquals(Duration.ofSeconds(3), settings.poll());
        assertEquals(Duration.ofSeconds(60), settings.gone());
        assertEquals(Duration.ofSeconds(2), settings.peers().connect());
    }

    @Test
    void whatCannotBeIsNamedWithItsPlaceItsValueAndWhatCan() {
        assertEquals("poll_seconds in org.example is \"zz\"; a whole number from 1 to 2147483647 is possible",
                assertThrows(IllegalArgumentException.class, () -> of("http://127.0.0.1:21001", "zz")).getMessage());
        assertEquals("controller in org.example is \"nowhere\"; give scheme, host and port only, for example"
                + " http://127.0.0.1:21001", assertThrows(IllegalArgumentException.class, () -> of("nowhere", 2)).getMessage());
    }
}
