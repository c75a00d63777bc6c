package org.alcove.distribution;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The demo model, sealed by the script, served with its key, and refused where a bit of it was changed. */
class SealedModelIT {

    private static final Path MODEL =
            Path.of(System.getProperty("alcove.root"), "distribution", "demo-model", "alcove-demo.gguf");
    private static final String RESOURCE = "/cdh/resource/default/alcove/model-key";
    /** What the log says where the quick cipher is missing. */
    private static final String SLOW = "is opened by the JDK's cipher";
    private static final int CANARY_BYTES = 64;
    private static final int CANARIES = 32;

    @TempDir
    Path folder;

    @Test
    void aSealedModelAnswersAsThePlainOneAndLeavesNothingOfItOnTheDisk() throws Exception {
        Path key = folder.resolve("model.key");
        Path sealed = seal(MODEL, key);
        String plain;
        try (ServerProcess server =
                ServerProcess.serve(Distribution.home(), folder.resolve("plain"), "--model", MODEL.toString())) {
            plain = ask(server.url());
        }
        Path data = folder.resolve("data");
        Path temporary = Files.createDirectory(folder.resolve("tmp"));
        try (ServerProcess server = ServerProcess.start(Distribution.home(), data,
                Map.of("ALCOVE_JAVA_FLAGS", "-Djava.io.tmpdir=" + temporary), "--model", sealed.toString(), "--model-key",
                key.toString()).awaitReady()) {
            assertEquals(plain, ask(server.url()));
            assertFalse(server.output().contains(SLOW), server.output());
            assertEquals(List.of(), entries(temporary).filter(name -> name.startsWith("alcove-cipher-")).toList());
            assertNoPlainBytes(MODEL, List.of(data, temporary, sealed));
        }
        assertNoPlainBytes(MODEL, List.of(data, temporary, sealed));
        HttpServer hub = hub(Files.readAllBytes(key));
        try (ServerProcess server = ServerProcess.serve(Distribution.home(), data, "--model", sealed.toString(), "--model-key",
                "http://127.0.0.1:" + hub.getAddress().getPort() + RESOURCE)) {
            assertEquals(plain, ask(server.url()));
        } finally {
            hub.stop(0);
        }
    }

    @Test
    void aChangedModelIsRefusedAndTheServerGoesOn() throws Exception {
        Path key = folder.resolve("model.key");
        Path sealed = seal(MODEL, key);
        byte[] bytes = Files.readAllBytes(sealed);
        bytes[bytes.length - 1] ^= 1;
        Files.write(sealed, bytes);
        try (ServerProcess server = ServerProcess.start(Distribution.home(), folder.resolve("data"), Map.of(), "--model",
                sealed.toString(), "--model-key", key.toString())) {
            server.awaitOutput("is not what was sealed");
            assertFalse(server.output().contains("is loaded"), server.output());
        }
    }

    @Test
    void withoutTheQuickCipherASealedModelIsServedAndTheLogSaysWhyItIsSlower() throws Exception {
        Path key = folder.resolve("model.key");
        Path sealed = seal(MODEL, key);
        Path home = Distribution.copyTo(folder.resolve("home"));
        Files.delete(home.resolve("system/10/conscrypt.jar"));
        try (ServerProcess server = ServerProcess.serve(home, folder.resolve("data"), "--model", sealed.toString(), "--model-key",
                key.toString())) {
            assertFalse(ask(server.url()).isEmpty());
            assertTrue(server.output().contains(sealed + " " + SLOW), server.output());
        }
    }

    /** A copy for quicker products is the plain weights in another order, so none may come of a sealed model. */
    @Test
    void noCopyOfASealedModelIsKeptWhereAPlainOneHasACopy() throws Exception {
        // Of four bits: kernels want copies of such weights, and not of those that the demo model has.
        Path plain = folder.resolve("plain.gguf");
        Distribution.run(Distribution.home(), "quantize", MODEL, plain, "--scheme", "sym_int4");
        Path key = folder.resolve("model.key");
        Path sealed = seal(plain, key);
        Path home = Distribution.copyTo(folder.resolve("home"));
        Path copies = folder.resolve("copies");
        Files.writeString(home.resolve("conf/org.alcove.weights.copies.config"),
                "folder=\"" + copies + "\"\nmodel_min_mb=\"0\"\n");
        try (ServerProcess server = ServerProcess.serve(home, folder.resolve("data"), "--model", sealed.toString(), "--model-key",
                key.toString())) {
            ask(server.url());
            assertFalse(server.output().contains("interleaved copy"), server.output());
            assertEquals(List.of(), filesOf(copies));
        }
        assertEquals(List.of(), filesOf(copies));
        assertNoPlainBytes(plain, List.of(folder.resolve("data"), sealed));
        // The same model, plain: it was not for want of a copy that there was none.
        try (ServerProcess server = ServerProcess.serve(home, folder.resolve("data"), "--model", plain.toString())) {
            server.awaitOutput("is multiplied ");
            assumeTrue(server.output().contains("is multiplied from an interleaved copy"),
                    "SKIPPED in part: no kernel of this machine wants copies, so that a plain model has none either");
            assertFalse(filesOf(copies).isEmpty());
        }
    }

    private static Stream<String> entries(Path folder) throws IOException {
        try (Stream<Path> all = Files.list(folder)) {
            return all.map(entry -> entry.getFileName().toString()).toList().stream();
        }
    }

    private static List<Path> filesOf(Path folder) throws IOException {
        if (Files.notExists(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(Files::isRegularFile).toList();
        }
    }

    private Path seal(Path model, Path key) throws Exception {
        Path target = folder.resolve("demo.sealed");
        Distribution.run(Distribution.home(), "seal", model, target, "--new-key", key);
        return target;
    }

    private static HttpServer hub(byte[] key) throws IOException {
        HttpServer hub = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        hub.createContext(RESOURCE, exchange -> {
            exchange.sendResponseHeaders(200, key.length);
            exchange.getResponseBody().write(key);
            exchange.close();
        });
        hub.start();
        return hub;
    }

    private static String ask(String url) throws Exception {
        String body = "{\"model\": \"MODEL\", \"temperature\": 0, \"max_tokens\": 60, \"messages\": "
                + "[{\"role\": \"user\", \"content\": \"What is the capital of France?\"}]}";
        try (HttpClient client = HttpClient.newHttpClient()) {
            ObjectMapper json = new ObjectMapper();
            String models = client.send(HttpRequest.newBuilder(URI.create(url + "/v1/models")).build(),
                    HttpResponse.BodyHandlers.ofString()).body();
            String model = json.readTree(models).at("/data/0/id").textValue();
            HttpRequest request = HttpRequest.newBuilder(URI.create(url + "/v1/chat/completions"))
                    .header("Content-Type", "application/json")
                    .POST(HttpRequest.BodyPublishers.ofString(body.replace("MODEL", model))).build();
            HttpResponse<String> response = client.send(request, HttpResponse.BodyHandlers.ofString(StandardCharsets.UTF_8));
            assertEquals(200, response.statusCode(), response::body);
            return json.readTree(response.body()).at("/choices/0/message/content").textValue();
        }
    }

    /** Looks for runs of the model's weights, taken evenly from its second half, where no text is. */
    private static void assertNoPlainBytes(Path plain, List<Path> places) throws IOException {
        byte[] model = Files.readAllBytes(plain);
        for (Path place : places) {
            try (Stream<Path> files = Files.walk(place)) {
                for (Path file : files.filter(Files::isRegularFile).toList()) {
                    String text = new String(Files.readAllBytes(file), StandardCharsets.ISO_8859_1);
                    for (int i = 0; i < CANARIES; i++) {
                        int at = model.length / 2 + i * (model.length / 2 / CANARIES);
                        String canary = new String(model, at, CANARY_BYTES, StandardCharsets.ISO_8859_1);
                        assertFalse(text.contains(canary), () -> file + " holds plain weights");
                    }
                }
            }
        }
    }
}
