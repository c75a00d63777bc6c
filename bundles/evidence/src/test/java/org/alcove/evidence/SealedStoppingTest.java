package org.alcove.evidence;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.InputStream;
import java.lang.reflect.Proxy;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.alcove.accounts.IssuedKeys;
import org.alcove.api.control.Controller;
import org.alcove.api.worker.Failure;
import org.alcove.api.worker.Generation;
import org.alcove.api.worker.GenerationEvent;
import org.alcove.cluster.wire.FailureCodec;
import org.alcove.cluster.wire.Fields;
import org.alcove.cluster.wire.Json;
import org.alcove.keys.Callers;
import org.alcove.keys.KeylessDoor;
import org.alcove.web.stopping.FrontDoor;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What becomes of sealed answers, and of those who ask anew, when the door or the whole process stops. */
@Timeout(30)
class SealedStoppingTest {

    private static final GenerationEvent FINISHED = new GenerationEvent.Finished(GenerationEvent.Reason.STOP,
            new GenerationEvent.Usage(1, 0, 1));

    private final Server server = new Server();
    private final HttpClient client = HttpClient.newHttpClient();
    private final AtomicInteger asked = new AtomicInteger();
    /** What the worker writes; empty is the end of an answer that was closed. */
    private final BlockingQueue<Optional<GenerationEvent>> written = new LinkedBlockingQueue<>();
    private SealedServlet servlet;

    private Generation write() {
        asked.incrementAndGet();
        written.add(Optional.of(new GenerationEvent.Started("w", "f", 0, 1)));
        return new Generation() {
            @Override
            public GenerationEvent next() throws InterruptedException {
                return written.take().orElse(null);
            }

            @Override
            public void close() {
                written.add(Optional.empty());
            }
        };
    }

    private void start(Duration drain) throws Exception {
        Controller controller = (Controller) Proxy.newProxyInstance(Controller.class.getClassLoader(),
                new Class<?>[] {Controller.class}, (self, method, arguments) -> write());
        IssuedKeys keys = (IssuedKeys) Proxy.newProxyInstance(IssuedKeys.class.getClassLoader(),
                new Class<?>[] {IssuedKeys.class}, (self, method, arguments) -> false);
        servlet = new SealedServlet(controller, List.of(), keys, new SealedSettings(new SealedCallers(
                new Callers(Optional.empty(), false, keys, InstantSource.system()), new KeylessDoor(List.of(), "", false)),
                4096, Duration.ofSeconds(5), drain));
        ServerConnector connector = new ServerConnector(server);
        connector.setHost("127.0.0.1");
        server.addConnector(connector);
        ServletContextHandler context = new ServletContextHandler("/");
        context.addServlet(new ServletHolder(servlet), SealedServlet.EVIDENCE);
        context.addServlet(new ServletHolder(servlet), SealedServlet.SEALED);
        server.setHandler(context);
        server.start();
    }

    @AfterEach
    void stop() throws Exception {
        written.add(Optional.empty());
        client.shutdownNow();
        server.stop();
    }

    private HttpRequest.Builder at(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:"
                + ((ServerConnector) server.getConnectors()[0]).getLocalPort() + path));
    }

    private HttpRequest order() {
        return at(SealedServlet.SEALED).header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString("{\"model\":\"m\",\"sealed_body\":\"AQID\"}")).build();
    }

    private InputStream begun() throws Exception {
        InputStream answer = client.send(order(), HttpResponse.BodyHandlers.ofInputStream()).body();
        assertEquals('{', answer.read());
        return answer;
    }

    private static String rest(InputStream answer) throws Exception {
        return new String(answer.readAllBytes(), StandardCharsets.UTF_8);
    }

    private void drain() {
        try {
            servlet.drain(FrontDoor.PROCESS_STOPS);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private void assertRefused(HttpRequest request) throws Exception {
        HttpResponse<byte[]> refusal = client.send(request, HttpResponse.BodyHandlers.ofByteArray());
        assertEquals(503, refusal.statusCode());
        Fields body = Json.read(refusal.body(), "the refusal");
        assertEquals(new Failure.Unavailable(Duration.ofSeconds(1), FrontDoor.PROCESS_STOPS),
                FailureCodec.of(body.object("failure")));
        assertEquals("1", refusal.headers().firstValue("Retry-After").orElseThrow());
        assertEquals("close", refusal.headers().firstValue("Connection").orElseThrow());
    }

    @Test
    void whatRunsGoesOnToItsEndAndWhoAsksAnewIsToldToComeAgain() throws Exception {
        start(Duration.ofMinutes(5));
        InputStream answer = begun();
        Thread stopping = Thread.ofPlatform().start(this::drain);
        while (stopping.getState() != Thread.State.TIMED_WAITING) {
            assertTrue(stopping.isAlive(), "it waits for no answer");
            Thread.onSpinWait();
        }
        assertRefused(order());
        assertRefused(at(SealedServlet.EVIDENCE + "?nonce=" + "0a".repeat(32)).build());
        assertEquals(1, asked.get());
        written.add(Optional.of(FINISHED));
        String rest = rest(answer);
        assertTrue(rest.contains("\"finished\""), rest);
        stopping.join();
    }

    @Test
    void whatTakesTooLongEndsWithAFailureSoThatAnotherOneGoesOn() throws Exception {
        start(Duration.ZERO);
        InputStream answer = begun();
        drain();
        String rest = rest(answer);
        assertTrue(rest.contains("\"failed\"") && rest.contains("\"unavailable\""), rest);
        assertRefused(order());
    }
}
