package org.alcove.connect;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.KeyPair;
import java.util.List;
import java.util.Optional;
import javax.tools.ToolProvider;
import org.alcove.api.worker.GenerationEvent;
import org.alcove.api.worker.RequestException;
import org.alcove.attestation.Policy;
import org.alcove.attestation.tdx.TestPlatform;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The documented program, compiled as it stands in the documentation, against a server on a platform with a test root. */
class ExampleTest {

    private static final Path SOURCE = Path.of(System.getProperty("alcove.root", "../.."),
            "docs/examples/connect/src/main/java/com/example/connect/Ask.java");
    private static final String POLICY = "{\"version\":1,\"allow_mock\":true,\"measurements\":{\"mr_td\":\"any\","
            + "\"rtmr_0\":\"any\",\"rtmr_1\":\"any\",\"rtmr_2\":\"any\",\"rtmr_3\":\"any\",\"mr_config_id\":\"any\"}}";

    @TempDir
    private Path folder;
    private FakeServer server;

    @BeforeEach
    void serve() throws Exception {
        KeyPair tls = TestPlatform.key();
        server = new FakeServer(Optional.of(tls), FakeServer.hash(tls));
        server.answer.addAll(List.of(new GenerationEvent.Started("local-m", "f", 7, 3),
                new GenerationEvent.Delta("CANARY-", List.of(), Optional.empty()),
                new GenerationEvent.Delta("ANSWER", List.of(), Optional.empty()),
                new GenerationEvent.Finished(GenerationEvent.Reason.STOP, new GenerationEvent.Usage(3, 0, 2))));
    }

    @AfterEach
    void stop() {
        server.close();
    }

    private String ask() throws Exception {
        ByteArrayOutputStream messages = new ByteArrayOutputStream();
        int status = ToolProvider.getSystemJavaCompiler().run(null, messages, messages, "-proc:none", "-d",
                folder.toString(), "-cp", System.getProperty("java.class.path"), SOURCE.toString());
        assertEquals(0, status, messages::toString);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (URLClassLoader program = new URLClassLoader(new URL[] {folder.toUri().toURL()});
                SealedClient client = new SealedClient(List.of(VerifiedServer.Settings.of(server.address())),
                        server.platform.verifier(), () -> TestPlatform.NOW)) {
            client.verify(Policy.read(POLICY.getBytes(StandardCharsets.UTF_8)), server.platform.collateral());
            Method answer = program.loadClass("com.example.connect.Ask").getMethod("answer", SealedClient.class, String.class,
                    String.class, PrintStream.class);
            answer.invoke(null, client, "m", "CANARY-PROMPT", new PrintStream(out, true, StandardCharsets.UTF_8));
        }
        return out.toString(StandardCharsets.UTF_8);
    }

    @Test
    void itStreamsASealedAnswerFromAServerThatIsFoundGood() throws Exception {
        assertEquals("CANARY-ANSWER" + System.lineSeparator(), ask());
        assertTrue(server.sent.size() > 0);
        assertFalse(server.sent.toString(StandardCharsets.UTF_8).contains("CANARY"));
    }

    @Test
    void itSendsNothingToAServerThatIsNot() throws Exception {
        server.platform.debug();
        Throwable thrown = assertThrows(InvocationTargetException.class, this::ask).getCause();
        assertTrue(assertInstanceOf(RequestException.class, thrown).failure().message().contains("nothing was sent"));
        assertEquals(0, server.sent.size());
    }
}
