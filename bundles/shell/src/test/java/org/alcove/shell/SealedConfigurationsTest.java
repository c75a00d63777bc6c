package org.alcove.shell;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.Dictionary;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SealedConfigurationsTest {

    private static final String FILE = """
            # A comment with "quotes" and = signs.
            port="$[prop:alcove.port;type=Integer;default=8080]"
            # Another one.
            names=["a=b","c"]
            seconds=I"2"
            """;

    private static SealedConfigurations of(String name, String text) throws IOException {
        return new SealedConfigurations(() -> Map.of(name, text.getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void aFileIsReadAsFileInstallWouldReadIt() throws IOException {
        Dictionary<?, ?> read = of("org.alcove.core.config", FILE).load("org.alcove.core");
        assertEquals("$[prop:alcove.port;type=Integer;default=8080]", read.get("port"));
        assertArrayEquals(new String[] {"a=b", "c"}, (String[]) read.get("names"));
        assertEquals(2, read.get("seconds"));
        assertEquals("org.alcove.core", read.get("service.pid"));
    }

    @Test
    void aNameWithADashIsOneOfSeveralOfAKind() throws IOException {
        SealedConfigurations sealed = of("org.alcove.worker.model-default.config", "path=\"x\"\n");
        Dictionary<?, ?> read = sealed.load("org.alcove.worker.model~default");
        assertEquals("org.alcove.worker.model", read.get("service.factoryPid"));
        assertEquals(1, Collections.list(sealed.getDictionaries()).size());
    }

    @Test
    void nothingIsChangedAddedOrRemoved() throws IOException {
        SealedConfigurations sealed = of("a.config", "x=\"1\"\n");
        Dictionary<String, Object> other = new Hashtable<>(Map.of("x", "2"));
        for (String pid : List.of("a", "b", "b~c")) {
            String told = assertThrows(IOException.class, () -> sealed.store(pid, other)).getMessage();
            assertTrue(told.contains(pid) && told.contains("sealed"), told);
        }
        assertThrows(IOException.class, () -> sealed.delete("a"));
        assertEquals("1", sealed.load("a").get("x"));
        assertFalse(sealed.exists("b"));
    }

    @Test
    void whoChangesWhatWasLoadedChangesACopy() throws IOException {
        SealedConfigurations sealed = of("a.config", "x=\"1\"\n");
        @SuppressWarnings("unchecked")
        Dictionary<String, Object> loaded = sealed.load("a");
        loaded.put("x", "2");
        assertEquals("1", sealed.load("a").get("x"));
    }

    @Test
    void aFileThatCannotBeReadIsNamed() {
        String told = assertThrows(IOException.class, () -> of("broken.config", "no value\n")).getMessage();
        assertTrue(told.startsWith("broken.config"), told);
    }
}
