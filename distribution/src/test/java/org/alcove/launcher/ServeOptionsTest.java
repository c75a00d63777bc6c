package org.alcove.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ServeOptionsTest {

    @TempDir
    Path folder;
    Path model;
    Path keys;

    @BeforeEach
    void files() throws IOException {
        model = Files.writeString(folder.resolve("m.gguf"), "x");
        keys = Files.writeString(folder.resolve("keys"), "me:secret");
    }

    private ServeOptions parse(String... flags) {
        List<String> all = new ArrayList<>(List.of("--model", model.toString()));
        all.addAll(List.of(flags));
        return ServeOptions.parse(all);
    }

    @Test
    void bindsLoopbackUnlessToldOtherwise() {
        ServeOptions options = parse();
        assertEquals("127.0.0.1", options.host());
        assertEquals(8080, options.port());
        options.requireSafeBinding();
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            --colour blue        | does not know '--colour'
            --port               | --port needs a value
            --port 70000         | a port is a number from 0 to 65535
            --port x             | a port is a number from 0 to 65535
            --host a --host b    | --host is given twice
            --model nowhere.gguf | --model is given twice
            --api-keys nowhere   | there is no such file
            --tls nowhere        | there is no such file
            """)
    void badFlagsAreRefusedWithTheReason(String flags, String reason) {
        String message = assertThrows(UsageException.class, () -> parse(flags.split(" "))).getMessage();
        assertTrue(message.contains(reason), message);
    }

    @Test
    void aModelThatIsNotThereIsRefused() {
        List<String> flags = List.of("--model", folder.resolve("none.gguf").toString());
        String message = assertThrows(UsageException.class, () -> ServeOptions.parse(flags)).getMessage();
        assertTrue(message.contains("there is no such file or folder"), message);
    }

    @Test
    void otherMachinesNeedKeysAndTls() {
        ServeOptions bare = parse("--host", "0.0.0.0");
        String message = assertThrows(UsageException.class, bare::requireSafeBinding).getMessage();
        assertTrue(message.contains("--api-keys") && message.contains("--tls") && message.contains("--behind-tls-proxy"),
                message);
        ServeOptions keysOnly = parse("--host", "0.0.0.0", "--api-keys", keys.toString());
        assertTrue(assertThrows(UsageException.class, keysOnly::requireSafeBinding).getMessage().contains("--tls"));
        ServeOptions tlsOnly = parse("--host", "0.0.0.0", "--tls", keys.toString());
        assertTrue(assertThrows(UsageException.class, tlsOnly::requireSafeBinding).getMessage().contains("--api-keys"));
    }

    @Test
    void keysAndTlsOrAProxyAllowOtherMachines() {
        parse("--host", "0.0.0.0", "--api-keys", keys.toString(), "--tls", keys.toString()).requireSafeBinding();
        parse("--host", "0.0.0.0", "--behind-tls-proxy").requireSafeBinding();
    }

    @Test
    void aTakenPortIsRefusedBeforeAnythingStarts() throws IOException {
        try (ServerSocket taken = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            ServeOptions options = parse("--port", Integer.toString(taken.getLocalPort()));
            assertTrue(assertThrows(UsageException.class, options::freePort).getMessage().contains("cannot be bound"));
        }
        assertTrue(parse("--port", "0").freePort() > 0);
    }

    @Test
    void theUrlIsOneThatPeopleCanOpen() {
        assertEquals("http://127.0.0.1:80", parse("--host", "0.0.0.0").url(80));
        assertEquals("http://[::1]:80", parse("--host", "::1").url(80));
        assertEquals("https://127.0.0.1:443", parse("--tls", keys.toString()).url(443));
    }
}
