package org.alcove.distribution;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A whole answer that fails after its status was told: the connection is cut, so that nobody takes it for an answer. */
class CutOffIT {

    @TempDir
    Path folder;

    /** What still comes, until the server ends the connection, in whichever way. */
    private static String rest(InputStream in) {
        StringBuilder seen = new StringBuilder();
        try {
            for (int b = in.read(); b >= 0; b = in.read()) {
                seen.append((char) b);
            }
        } catch (IOException cut) {
            assertFalse(cut instanceof SocketTimeoutException, "the connection stays open after: " + seen);
        }
        return seen.toString();
    }

    @Test
    void aWholeAnswerThatFailsAfterItsStatusWasToldIsCutOff() throws Exception {
        Path home = Distribution.copyTo(folder.resolve("home"));
        Files.writeString(home.resolve("conf/org.alcove.openai.config"), "ping_seconds=I\"1\"\ndrain_seconds=I\"1\"\n");
        try (ServerProcess server = ServerProcess.serve(home, folder.resolve("data"), "--model",
                Distribution.smallModel().toString(), "--max-tokens-per-second", "10");
                Socket socket = new Socket("127.0.0.1", URI.create(server.url()).getPort())) {
            socket.setSoTimeout(60_000);
            String body = "{\"model\":\"stories260K\",\"prompt\":\"Once\",\"max_tokens\":300,\"ignore_eos\":true}";
            socket.getOutputStream().write(("POST /v1/completions HTTP/1.1\r\nHost: localhost\r\n"
                    + "Content-Type: application/json\r\nContent-Length: " + body.length() + "\r\n\r\n" + body)
                    .getBytes(StandardCharsets.US_ASCII));
            StringBuilder head = new StringBuilder();
            while (head.indexOf("\r\n\r\n1\r\n\n") < 0) {
                int b = socket.getInputStream().read();
                assertTrue(b >= 0, () -> "it ended after " + head);
                head.append((char) b);
            }
            assertTrue(head.toString().startsWith("HTTP/1.1 200 "), head.toString());
            Files.delete(home.resolve("plugins/openai-api.jar"));
            String rest = rest(socket.getInputStream());
            assertTrue(rest.contains("{\"error\":{\"message\":\"this front end is being stopped"), rest);
            assertFalse(rest.contains("\r\n0\r\n"), "it ends like a whole one: " + rest);
            server.signal("TERM");
            assertEquals(ServerProcess.SIGTERM_STATUS, server.awaitEnd());
            assertFalse(server.output().contains("Exception") || server.output().contains("ERROR"), server.output());
        }
    }
}
