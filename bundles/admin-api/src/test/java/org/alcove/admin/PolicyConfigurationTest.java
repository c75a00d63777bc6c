package org.alcove.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.lang.reflect.Proxy;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Dictionary;
import java.util.Hashtable;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.osgi.service.cm.Configuration;
import org.osgi.service.cm.ConfigurationAdmin;

class PolicyConfigurationTest {

    private static final PolicyConfiguration.Chosen LOTTERY = new PolicyConfiguration.Chosen("lottery", Map.of("m", "other"));

    @TempDir
    Path folder;

    private Dictionary<String, Object> properties;

    private PolicyConfiguration started(String inTheFile) {
        properties = new Hashtable<>(Map.of("policy", inTheFile, "heartbeat_seconds", 5));
        Configuration configuration = (Configuration) Proxy.newProxyInstance(getClass().getClassLoader(),
                new Class<?>[] {Configuration.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("update")) {
                        properties = copy((Dictionary<?, ?>) arguments[0]);
                        return null;
                    }
                    return properties;
                });
        ConfigurationAdmin admin = (ConfigurationAdmin) Proxy.newProxyInstance(getClass().getClassLoader(),
                new Class<?>[] {ConfigurationAdmin.class}, (proxy, method, arguments) -> configuration);
        return new PolicyConfiguration(admin, folder.resolve("policy.json"));
    }

    private static Dictionary<String, Object> copy(Dictionary<?, ?> from) {
        Dictionary<String, Object> copy = new Hashtable<>();
        from.keys().asIterator().forEachRemaining(key -> copy.put((String) key, from.get(key)));
        return copy;
    }

    @Test
    void aChoiceTakesEffectAndIsMadeAgainAfterARestart() throws IOException {
        PolicyConfiguration first = started("shortest_queue");
        first.choose(LOTTERY);
        assertEquals(LOTTERY, first.chosen());
        assertEquals(5, properties.get("heartbeat_seconds"), "the rest of the configuration stays");
        PolicyConfiguration second = started("shortest_queue");
        second.changed();
        assertEquals(LOTTERY, second.chosen());
    }

    @Test
    void aFileThatWasEditedSinceHasTheLastWord() throws IOException {
        started("shortest_queue").choose(LOTTERY);
        PolicyConfiguration second = started("fastest");
        second.changed();
        assertEquals("fastest", second.chosen().policy());
        assertFalse(Files.exists(folder.resolve("policy.json")));
    }

    @Test
    void aFileThatIsEditedWhileTheServerRunsHasTheLastWordToo() throws IOException {
        PolicyConfiguration running = started("shortest_queue");
        running.choose(LOTTERY);
        running.changed();
        assertEquals(LOTTERY, running.chosen(), "its own change is no edit");
        properties = new Hashtable<>(Map.of("policy", "shortest_queue"));
        running.changed();
        assertEquals("shortest_queue", running.chosen().policy());
        assertFalse(Files.exists(folder.resolve("policy.json")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "{", "{}", "{\"seeded\": {}, \"chosen\": 3}", "\u0000"})
    void aChoiceThatCannotBeReadIsReplacedByTheNext(String damaged) throws IOException {
        Files.writeString(folder.resolve("policy.json"), damaged);
        PolicyConfiguration first = started("shortest_queue");
        first.changed();
        assertEquals("shortest_queue", first.chosen().policy());
        first.choose(LOTTERY);
        PolicyConfiguration second = started("shortest_queue");
        second.changed();
        assertEquals(LOTTERY, second.chosen());
    }

    @Test
    void aChoiceAfterOneThatWasDamagedWhileTheServerRunsKeepsWhatTheConfigurationSaid() throws IOException {
        PolicyConfiguration first = started("shortest_queue");
        first.choose(LOTTERY);
        Files.writeString(folder.resolve("policy.json"), "");
        PolicyConfiguration.Chosen next = new PolicyConfiguration.Chosen("lottery", Map.of());
        first.choose(next);
        PolicyConfiguration second = started("shortest_queue");
        second.changed();
        assertEquals(next, second.chosen());
    }
}
