package org.alcove.evidence;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Proxy;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import org.alcove.accounts.IssuedKey;
import org.alcove.accounts.IssuedKeys;
import org.alcove.accounts.KeyTerms;
import org.alcove.api.control.Controller;
import org.alcove.api.worker.Failure;
import org.alcove.api.worker.GenerateRequest;
import org.alcove.api.worker.Generation;
import org.alcove.api.worker.GenerationEvent;
import org.alcove.api.worker.ModelCard;
import org.alcove.api.worker.RequestException;
import org.alcove.api.worker.Worker;
import org.alcove.api.worker.WorkerStatus;
import org.alcove.cluster.wire.Fields;
import org.alcove.cluster.wire.Json;
import org.alcove.keys.ApiKeys;
import org.alcove.keys.Callers;
import org.alcove.keys.KeylessDoor;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SealedServletTest {

    private static final String NONCE = "0a".repeat(32);
    private static final String ORDER = "{\"model\":\"m\",\"sealed_body\":\"AQID\"}";

    @TempDir
    private Path folder;
    private Server server;
    private final List<GenerateRequest> asked = new ArrayList<>();
    /** Answers begin when this is open. */
    private CountDownLatch line = new CountDownLatch(0);
    private volatile int place;

    private record Status(String id, List<String> models, double speed, int queueLength, boolean heartbeat, Instant lastBeat,
            State state, String reason, Load load) implements WorkerStatus {
    }

    private static Worker worker(String id, boolean shows) {
        return (Worker) Proxy.newProxyInstance(Worker.class.getClassLoader(), new Class<?>[] {Worker.class},
                (self, method, arguments) -> switch (method.getName()) {
                    case "status" -> new Status(id, List.of("m"), 1, 0, false, Instant.EPOCH, WorkerStatus.State.READY, "",
                            WorkerStatus.Load.NONE);
                    case "model" -> new ModelCard("m", "llama", 1, 1, "f32", "", "f", Instant.EPOCH);
                    case "evidence" -> {
                        if (!shows) {
                            throw new RequestException(new Failure.Unsupported("", "no evidence here"));
                        }
                        yield arguments[0];
                    }
                    default -> throw new UnsupportedOperationException(method.getName());
                });
    }

    private Generation write(GenerateRequest request) {
        asked.add(request);
        Iterator<GenerationEvent> events = List.<GenerationEvent>of(new GenerationEvent.Started("w", "f", 0, 1),
                new GenerationEvent.Finished(GenerationEvent.Reason.STOP, new GenerationEvent.Usage(1, 0, 1))).iterator();
        return new Generation() {
            @Override
            public GenerationEvent next() throws InterruptedException {
                line.await();
                return events.hasNext() ? events.next() : null;
            }

            @Override
            public int placeInLine() {
                return place;
            }

            @Override
            public void close() {
                // Nothing to give back.
            }
        };
    }

    private final Map<String, IssuedKey> issued = new HashMap<>();
    private final IssuedKeys keys = (IssuedKeys) Proxy.newProxyInstance(IssuedKeys.class.getClassLoader(),
            new Class<?>[] {IssuedKeys.class}, (self, method, arguments) -> switch (method.getName()) {
                case "find" -> Optional.ofNullable(issued.get(arguments[0]));
                case "any" -> !issued.isEmpty();
                default -> throw new UnsupportedOperationException(method.getName());
            });

    private void issue(String secret, Set<String> models, Set<String> endpoints, OptionalInt tokens) {
        issued.put(secret, new IssuedKey("key-" + secret, secret, Instant.EPOCH, "ann", new KeyTerms(Optional.of(models),
                Optional.of(endpoints), Optional.empty(), OptionalInt.empty(), tokens, Optional.empty()), Optional.empty(),
                Optional.empty()));
    }

    private void start(String keysFile) throws Exception {
        Controller controller = (Controller) Proxy.newProxyInstance(Controller.class.getClassLoader(),
                new Class<?>[] {Controller.class}, (self, method, arguments) -> write((GenerateRequest) arguments[0]));
        SealedCallers callers = new SealedCallers(new Callers(ApiKeys.of(keysFile), false, keys,
                InstantSource.system()), new KeylessDoor(List.of(), "", false));
        SealedServlet servlet = new SealedServlet(controller, List.of(worker("a", true), worker("b", false)), keys,
                new SealedSettings(callers, 4096, Duration.ofMillis(20), Duration.ZERO));
        server = new Server();
        ServerConnector connector = new ServerConnector(server);
        connector.setHost("127.0.0.1");
        server.addConnector(connector);
        ServletContextHandler context = new ServletContextHandler("/");
        context.addServlet(new ServletHolder(servlet), "/attestation");
        context.addServlet(new ServletHolder(servlet), "/sealed/v1/generate");
        server.setHandler(context);
        server.start();
    }

    @AfterEach
    void stop() throws Exception {
        server.stop();
    }

    private HttpResponse<byte[]> send(HttpRequest.Builder request) throws Exception {
        try (HttpClient client = HttpClient.newHttpClient()) {
            return client.send(request.build(), HttpResponse.BodyHandlers.ofByteArray());
        }
    }

    private HttpRequest.Builder at(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:"
                + ((ServerConnector) server.getConnectors()[0]).getLocalPort() + path));
    }

    private HttpRequest.Builder order(String body, String type) {
        return at("/sealed/v1/generate").header("Content-Type", type).POST(HttpRequest.BodyPublishers.ofString(body));
    }

    @Test
    void pagesOfOthersBringNothingWithoutAKey() throws Exception {
        start("");
        HttpResponse<byte[]> refused = send(order(ORDER, "application/json").header("Origin", "http://evil.example"));
        assertEquals(403, refused.statusCode());
        assertTrue(new String(refused.body(), StandardCharsets.UTF_8).contains("origin_not_allowed"));
    }

    @Test
    void evidenceIsToldOfEachWorkerOrWhyThereIsNone() throws Exception {
        start("");
        HttpResponse<byte[]> answer = send(at("/attestation?nonce=" + NONCE).GET());
        assertEquals(200, answer.statusCode());
        List<Fields> workers = Json.read(answer.body(), "the answer").objects("workers", 10);
        assertEquals("a", workers.get(0).object("report").text("id"));
        assertArrayEquals(HexFormat.of().parseHex(NONCE), workers.get(0).bytes("evidence"));
        assertEquals("no evidence here", workers.get(1).text("problem"));
        assertEquals(400, send(at("/attestation").GET()).statusCode());
        assertEquals(400, send(at("/attestation?nonce=" + NONCE.toUpperCase(Locale.ROOT)).GET()).statusCode());
        assertEquals(405, send(at("/attestation?nonce=" + NONCE).DELETE()).statusCode());
    }

    @Test
    void aSealedRequestGoesOnAsItCameAndItsAnswerComesInFrames() throws Exception {
        start("");
        HttpResponse<byte[]> answer = send(order(ORDER, "application/json"));
        assertEquals(200, answer.statusCode());
        String[] frames = new String(answer.body(), StandardCharsets.UTF_8).split("\0");
        assertEquals(2, frames.length);
        assertTrue(frames[1].contains("finished"), frames[1]);
        assertArrayEquals(new byte[] {1, 2, 3}, asked.getFirst().context().sealedBody().orElseThrow());
        assertEquals(new GenerateRequest.Text(""), asked.getFirst().input());
    }

    @Test
    void whoWaitsHearsThatTheServerLivesAndThePlaceInLine() throws Exception {
        start("");
        line = new CountDownLatch(1);
        place = 3;
        try (HttpClient client = HttpClient.newHttpClient(); InputStream answer = client.send(order(ORDER, "application/json")
                .build(), HttpResponse.BodyHandlers.ofInputStream()).body()) {
            assertEquals("{\"type\":\"ping\",\"beat_age_ms\":0,\"place\":3}", frame(answer));
            place = 1;
            await(answer, "{\"type\":\"ping\",\"beat_age_ms\":0,\"place\":1}");
            place = 0;
            await(answer, "{\"type\":\"ping\",\"beat_age_ms\":0}");
            line.countDown();
            String next = frame(answer);
            while (next.contains("ping")) {
                next = frame(answer);
            }
            assertTrue(next.contains("started"), next);
            assertTrue(frame(answer).contains("finished"));
            assertEquals(-1, answer.read());
        } finally {
            line.countDown();
        }
    }

    private static void await(InputStream answer, String frame) throws IOException {
        String next = frame(answer);
        while (!next.equals(frame)) {
            assertTrue(next.contains("ping"), next);
            next = frame(answer);
        }
    }

    private static String frame(InputStream answer) throws IOException {
        ByteArrayOutputStream frame = new ByteArrayOutputStream();
        for (int next = answer.read(); next > 0; next = answer.read()) {
            frame.write(next);
        }
        return frame.toString(StandardCharsets.UTF_8);
    }

    @Test
    void whereKeysAreAskedForNobodyGetsInWithoutOneButEvidenceIsForAll() throws Exception {
        Path keys = Files.writeString(folder.resolve("keys"), "alice:correct-key\n");
        start(keys.toString());
        assertEquals(401, send(order(ORDER, "application/json")).statusCode());
        assertEquals(401, send(order(ORDER, "application/json").header("Authorization", "Bearer wrong")).statusCode());
        assertTrue(asked.isEmpty());
        assertEquals(200, send(order(ORDER, "application/json").header("Authorization", "Bearer correct-key")).statusCode());
        assertEquals("alice", asked.getFirst().context().tenant());
        assertEquals(200, send(at("/attestation?nonce=" + NONCE).GET()).statusCode());
    }

    @Test
    void aKeyThatWasMadeHereOpensOnlyWhereItsTermsCanBeKept() throws Exception {
        start("");
        Set<String> both = Set.of("chat", "completions");
        issue("good", Set.of("m"), both, OptionalInt.empty());
        issue("other", Set.of("n"), both, OptionalInt.empty());
        issue("half", Set.of("m"), Set.of("chat"), OptionalInt.empty());
        issue("limited", Set.of("m"), both, OptionalInt.of(9));
        assertEquals(401, send(order(ORDER, "application/json")).statusCode());
        for (String secret : List.of("other", "half", "limited")) {
            assertEquals(403, send(order(ORDER, "application/json").header("Authorization", "Bearer " + secret)).statusCode(),
                    secret);
        }
        assertTrue(asked.isEmpty());
        assertEquals(200, send(order(ORDER, "application/json").header("Authorization", "Bearer good")).statusCode());
        assertEquals("key-good", asked.getFirst().context().tenant());
    }

    @Test
    void whatAPageCouldSendUnaskedOrIsNoRequestIsRefused() throws Exception {
        start("");
        assertEquals(415, send(order(ORDER, "text/plain")).statusCode());
        assertEquals(400, send(order("{\"model\":\"m\"}", "application/json")).statusCode());
        HttpResponse<byte[]> large = send(order("{\"model\":\"" + "m".repeat(5000) + "\"}", "application/json"));
        assertEquals(400, large.statusCode());
        assertFalse(new String(large.body(), StandardCharsets.UTF_8).contains("mmmm"));
        assertTrue(asked.isEmpty());
    }
}
