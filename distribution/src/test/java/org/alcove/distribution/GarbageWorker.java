package org.alcove.distribution;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** A worker that registers and beats as it should, says that it is very fast, and answers requests with garbage. */
final class GarbageWorker implements AutoCloseable {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final double BOASTED_SPEED = 1e6;

    private final HttpServer server;
    private final HttpClient client = HttpClient.newHttpClient();
    private final ScheduledExecutorService heart = Executors.newSingleThreadScheduledExecutor();
    private final AtomicInteger asked = new AtomicInteger();
    private final String controller;
    private final ObjectNode report;

    /** @param status what a real worker says of itself at {@code /alcove/v1/status}: this one says the same */
    GarbageWorker(String controller, JsonNode status) throws IOException {
        this.controller = controller;
        this.report = status.deepCopy();
        report.put("instance", "garbage");
        ((ObjectNode) report.path("workers").path(0)).put("speed", BOASTED_SPEED).put("queue_length", 0);
        server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.createContext("/alcove/v1/status", exchange -> answer(exchange, JSON.writeValueAsBytes(report)));
        server.createContext("/alcove/v1/generate", exchange -> {
            asked.incrementAndGet();
            answer(exchange, "what a \0 mess {".getBytes(StandardCharsets.US_ASCII));
        });
        server.start();
        tell("/register_worker", JSON.createObjectNode().put("worker_name", url()).put("check_heart_beat", true));
        heart.scheduleAtFixedRate(this::beat, 1, 1, TimeUnit.SECONDS);
    }

    private static void answer(HttpExchange exchange, byte[] body) throws IOException {
        try (exchange) {
            exchange.getRequestBody().readAllBytes();
            exchange.sendResponseHeaders(200, body.length);
            exchange.getResponseBody().write(body);
        }
    }

    private void beat() {
        try {
            tell("/receive_heart_beat", JSON.createObjectNode().put("worker_name", url()).put("queue_length", 0));
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    private void tell(String path, ObjectNode body) throws IOException {
        body.set("alcove", report);
        HttpRequest request = HttpRequest.newBuilder(URI.create(controller + path)).header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofByteArray(JSON.writeValueAsBytes(body))).build();
        try {
            HttpResponse<String> response = client.send(request, HttpResponse.BodyHandlers.ofString());
            if (response.statusCode() != 200) {
                throw new IOException(path + " answers " + response.statusCode() + " " + response.body());
            }
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private String url() {
        return "http://127.0.0.1:" + server.getAddress().getPort();
    }

    /** Its id in the cluster. */
    String id() {
        return url() + "#" + ClusterProcesses.MODEL;
    }

    /** How often it was given a request. */
    int asked() {
        return asked.get();
    }

    @Override
    public void close() {
        heart.shutdownNow();
        server.stop(0);
        client.close();
    }
}
