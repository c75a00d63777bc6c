package org.alcove.cluster.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import org.alcove.configuration.GivenValues;
import org.junit.jupiter.api.Test;

class NodeSettingsTest {

    private static NodeSettings with(String key, Object value) throws IOException {
        Map<String, Object> given = new HashMap<>(Map.of("controller", "http://127.0.0.1:21001/", "address",
                "http://127.0.0.1:21002", "service.pid", "org.alcove.cluster.worker"));
        given.put(key, value);
        return NodeSettings.of(new GivenValues(NodeConfiguration.class, given));
    }

    @Test
    void whatIsNotConfiguredIsTheDefault() throws IOException {
        NodeSettings settings = with("heartbeat_seconds", "7");
        assertEquals(Duration.ofSeconds(7), settings.heartbeat());
        assertEquals(Duration.ofSeconds(20), settings.drain());
        assertEquals(URI.create("http://127.0.0.1:21001"), settings.controller());
        assertEquals(64 * 1024, settings.limits().controlBytes());
    }

    @Test
    void whatCannotBeIsNamedWithItsPlaceItsValueAndWhatCan() {
        for (Map.Entry<String, String> wrong : Map.of("heartbeat_seconds", "zz", "drain_seconds", "-1", "answer_seconds", "0",
                "max_control_bytes", "5", "controller", "10.0.0.1 21001", "address", "ftp://me", "reachable", "yes",
                "trust_fastchat", "everywhere").entrySet()) {
            String message = assertThrows(IllegalArgumentException.class, () -> with(wrong.getKey(), wrong.getValue()))
                    .getMessage();
            String start = wrong.getKey() + " in org.alcove.cluster.worker is \"" + wrong.getValue() + "\"; ";
            assertEquals(start, message.substring(0, Math.min(start.length(), message.length())));
        }
    }
}
