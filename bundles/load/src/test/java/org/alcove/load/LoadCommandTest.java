package org.alcove.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import org.alcove.api.control.Command.Terminal;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LoadCommandTest {

    private static final String PIECE = "data: {\"choices\":[{\"text\":\"x\"}]}\n\n";
    private static final String USAGE = "data: {\"choices\":[],\"usage\":{\"completion_tokens\":3}}\n\n";

    @TempDir
    Path folder;
    private HttpServer server;
    private final AtomicInteger asked = new AtomicInteger();
    private volatile String stream = PIECE + PIECE + PIECE + USAGE + "data: [DONE]\n\n";
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    @BeforeEach
    void start() throws IOException {
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server.createContext("/v1/models", exchange -> answer(exchange, "{\"data\":[{\"id\":\"m\"}]}"));
        server.createContext("/v1/completions", exchange -> {
            asked.incrementAndGet();
            answer(exchange, stream);
        });
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    private static void answer(HttpExchange exchange, String body) throws IOException {
        try (exchange) {
            exchange.getRequestBody().readAllBytes();
            byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
            exchange.sendResponseHeaders(200, bytes.length);
            exchange.getResponseBody().write(bytes);
        }
    }

    private String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    private int run(String... arguments) throws Exception {
        return new LoadCommand().run(List.of(arguments), new Terminal(InputStream.nullInputStream(), new PrintStream(out),
                new PrintStream(err), false));
    }

    @Test
    void everyStreamAsksAsOftenAsItIsToldAndTheTableHasALineForEachNumberOfStreams() throws Exception {
        assertEquals(0, run("one=" + url(), "--concurrency", "1,4", "--rounds", "2", "--out", folder.resolve("new").toString()));
        assertEquals(1 + 2 + 8, asked.get(), "one to warm up, then two of one stream and two of each of four");
        List<String> lines = out.toString().lines().toList();
        assertEquals(4, lines.size(), out.toString());
        assertTrue(lines.get(3).startsWith("| one | 4 | "), lines.get(3));
        assertTrue(Files.readString(folder.resolve("new/load-throughput.svg")).contains("streams at once"));
        assertTrue(Files.size(folder.resolve("new/load-next-token.svg")) > 0);
    }

    @Test
    void anAnswerThatIsCutOffIsNoMeasurement() {
        stream = PIECE;
        assertTrue(assertThrows(IOException.class, () -> run(url())).getMessage().contains("cut an answer off"));
        stream = PIECE + "data: {\"error\":{\"message\":\"the worker is gone\"}}\n\n";
        assertTrue(assertThrows(IOException.class, () -> run(url())).getMessage().contains("the worker is gone"));
    }

    @Test
    void figuresAreThoseOfTheAnswers() {
        Measurement measured = Measurement.of(2, List.of(new Answer(11, 5_000_000, 25_000_000),
                new Answer(11, 7_000_000, 47_000_000), new Answer(1, 9_000_000, 9_000_000)), 100_000_000);
        assertEquals(230, measured.tokensPerSecond(), 1e-9);
        assertEquals(7, measured.firstMillis(), 1e-9);
        assertEquals(9, measured.slowFirstMillis(), 1e-9);
        assertEquals(2, measured.nextMillis(), 1e-9);
        assertEquals(4, measured.slowNextMillis(), 1e-9);
    }

    @Test
    void wrongArgumentsAreToldWithTheUsage() throws Exception {
        for (String[] wrong : new String[][] {{}, {"nowhere"}, {url(), "--concurrency", "0"}, {url(), "--colour", "x"},
            {url(), "--rounds"}, {url(), "--tokens", "1", "--tokens", "2"}}) {
            err.reset();
            assertEquals(2, run(wrong));
            assertTrue(err.toString().contains("usage: ./alcove load"), err.toString());
        }
    }
}
