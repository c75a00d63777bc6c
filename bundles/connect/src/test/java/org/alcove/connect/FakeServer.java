package org.alcove.connect;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.security.KeyPair;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.alcove.api.worker.GenerateRequest;
import org.alcove.api.worker.Generation;
import org.alcove.api.worker.GenerationEvent;
import org.alcove.api.worker.ModelCard;
import org.alcove.api.worker.RequestContext;
import org.alcove.api.worker.RequestException;
import org.alcove.api.worker.SamplingParameters;
import org.alcove.api.worker.SealedDoor;
import org.alcove.api.worker.WorkerStatus;
import org.alcove.attestation.tdx.TestPlatform;
import org.alcove.cluster.wire.EventWriter;
import org.alcove.cluster.wire.FailureCodec;
import org.alcove.cluster.wire.Fields;
import org.alcove.cluster.wire.Json;
import org.alcove.cluster.wire.WorkerReport;
import org.alcove.evidence.TestDoor;

/** A server with one worker on a fake platform. It takes down every byte that it is sent beside questions for evidence. */
public final class FakeServer implements AutoCloseable {

    public final TestPlatform platform = new TestPlatform();
    public final ByteArrayOutputStream sent = new ByteArrayOutputStream();
    public final List<GenerateRequest> asked = new CopyOnWriteArrayList<>();
    public final List<GenerationEvent> answer = new ArrayList<>();
    /** Answered instead of fresh evidence, where set. */
    public String replayed;
    /** Frames of an answer after which it is cut off. */
    public int cut = Integer.MAX_VALUE;
    /** Answered to sealed requests instead of an answer, where set. */
    public HttpHandler instead;
    /** Said in the open behind the first two frames of an answer. */
    public final List<byte[]> aside = new ArrayList<>();
    /** Where set, an answer goes on behind its first text, or behind what is said in the open, only when this is open. */
    public CountDownLatch gate;
    public String lastEvidence;
    /** API keys that it was shown, in order, with the path they were shown at. */
    public final List<String> keys = new CopyOnWriteArrayList<>();
    /** Id of its worker. */
    public String worker = "local-m";
    public SealedDoor door;
    private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
    private final HttpServer server;

    public FakeServer(Optional<KeyPair> tls, byte[] tlsKeyInEvidence) throws Exception {
        InetSocketAddress any = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
        if (tls.isPresent()) {
            HttpsServer secure = HttpsServer.create(any, 0);
            secure.setHttpsConfigurator(new HttpsConfigurator(context(tls.get())));
            server = secure;
        } else {
            server = HttpServer.create(any, 0);
        }
        door = TestDoor.of(platform::quote, tlsKeyInEvidence, () -> TestPlatform.NOW);
        server.createContext("/attestation", this::evidence);
        server.createContext("/sealed/v1/generate", this::generate);
        server.setExecutor(threads);
        server.start();
    }

    public URI address() {
        return URI.create((server instanceof HttpsServer ? "https" : "http") + "://127.0.0.1:" + server.getAddress().getPort());
    }

    public static byte[] hash(KeyPair key) throws Exception {
        return MessageDigest.getInstance("SHA-256").digest(key.getPublic().getEncoded());
    }

    private static SSLContext context(KeyPair key) throws Exception {
        KeyStore store = KeyStore.getInstance("PKCS12");
        store.load(null, null);
        Certificate certificate = CertificateFactory.getInstance("X.509")
                .generateCertificate(new ByteArrayInputStream(TestPlatform.certificate(key)));
        store.setKeyEntry("server", key.getPrivate(), new char[0], new Certificate[] {certificate});
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(store, new char[0]);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys.getKeyManagers(), null, null);
        return context;
    }

    private void takeKey(HttpExchange exchange) {
        exchange.getRequestHeaders().getOrDefault("Authorization", List.of())
                .forEach(key -> keys.add(exchange.getRequestURI().getPath() + " " + key));
    }

    private void evidence(HttpExchange exchange) throws IOException {
        takeKey(exchange);
        byte[] nonce = HexFormat.of().parseHex(exchange.getRequestURI().getQuery().replace("nonce=", ""));
        lastEvidence = Base64.getEncoder().encodeToString(door.evidence(nonce));
        ObjectNode json = Json.object();
        ObjectNode told = json.putArray("workers").addObject();
        told.set("report", new WorkerReport(new ModelCard("m", "llama", 100, 10, "f32", "", "f", Instant.EPOCH), worker,
                WorkerStatus.State.READY, "", 1, 0, false, Duration.ZERO, WorkerStatus.Load.NONE).json());
        told.put("evidence", replayed == null ? lastEvidence : replayed);
        reply(exchange, 200, Json.bytes(json));
    }

    private void generate(HttpExchange exchange) throws IOException {
        takeKey(exchange);
        byte[] body = exchange.getRequestBody().readAllBytes();
        sent.writeBytes(body);
        if (instead != null) {
            instead.handle(exchange);
            return;
        }
        Fields fields = Json.read(body, "the body");
        GenerateRequest outside = new GenerateRequest(fields.text("model"),
                RequestContext.named("outer").withSealedBody(fields.bytes("sealed_body")), new GenerateRequest.Text(""),
                SamplingParameters.GREEDY, GenerateRequest.Limits.tokens(0), GenerateRequest.Logprobs.NONE);
        EventWriter events = new EventWriter();
        // Who has been sent the last frame may already change this for the next answer.
        int frames = cut;
        try (Generation generation = door.generate(outside, this::write)) {
            GenerationEvent event = generation.next();
            exchange.sendResponseHeaders(200, 0);
            for (int i = 0; event != null && i < frames; i++) {
                if (i == 2) {
                    for (byte[] said : aside) {
                        frame(exchange, said);
                    }
                }
                if (i == (aside.isEmpty() ? 3 : 2) && gate != null) {
                    gate.await();
                }
                frame(exchange, Json.bytes(events.json(event)));
                event = generation.next();
            }
            exchange.close();
        } catch (RequestException e) {
            reply(exchange, FailureCodec.status(e.failure()), Json.bytes(FailureCodec.body(e.failure())));
            return;
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
    }

    private void frame(HttpExchange exchange, byte[] json) throws IOException {
        byte[] frame = Arrays.copyOf(json, json.length + 1);
        sent.writeBytes(frame);
        exchange.getResponseBody().write(frame);
        exchange.getResponseBody().flush();
    }

    private Generation write(GenerateRequest request) {
        asked.add(request);
        Iterator<GenerationEvent> events = List.copyOf(answer).iterator();
        return new Generation() {
            @Override
            public GenerationEvent next() {
                return events.hasNext() ? events.next() : null;
            }

            @Override
            public void close() {
                // Nothing to give back.
            }
        };
    }

    /** Sends an answer. */
    public static void reply(HttpExchange exchange, int status, byte[] bytes) throws IOException {
        exchange.sendResponseHeaders(status, bytes.length);
        exchange.getResponseBody().write(bytes);
        exchange.close();
    }

    @Override
    public void close() {
        if (gate != null) {
            gate.countDown();
        }
        server.stop(0);
        threads.shutdownNow();
    }
}
