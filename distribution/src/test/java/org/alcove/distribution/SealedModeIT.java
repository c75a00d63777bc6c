package org.alcove.distribution;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.StreamSupport;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A sealed server, as a person starts it: what it lets in, what it refuses, and what its evidence is worth to a client. */
class SealedModeIT {

    private static final ObjectMapper JSON = new ObjectMapper();
    private static final HttpClient CLIENT = HttpClient.newHttpClient();
    private static final String NONCE = "5a".repeat(32);

    @TempDir
    static Path folder;
    private static Path home;
    private static Path policy;
    private static ServerProcess server;

    @BeforeAll
    static void serveSealed() throws Exception {
        home = Distribution.copyTo(folder.resolve("home"));
        String signer = alcove("sign", "--new-key", folder.resolve("key.pem").toString());
        String product = alcove("digest");
        for (String name : List.of("good", "watched", "unlisted", "unsigned", "dropped")) {
            jar(name);
        }
        String listed = signed("good") + signed("watched");
        signed("unlisted");
        String unsigned = alcove("digest", folder.resolve("unsigned.jar").toString());
        String dropped = alcove("digest", folder.resolve("dropped.jar").toString());
        policy = Files.writeString(folder.resolve("sealed.policy"), product + signer + listed + unsigned + dropped);
        Files.copy(folder.resolve("dropped.jar"), home.resolve("plugins/dropped.jar"));
        Path keys = Files.writeString(folder.resolve("admins.txt"), "root:a-key-of-some-length\n");
        server = ServerProcess.serve(home, folder.resolve("data"), "--sealed",
                policy.toString(), "--evidence", "mock", "--admin-keys", keys.toString());
    }

    @AfterAll
    static void stop() {
        if (server != null) {
            server.close();
        }
    }

    /** A bundle without a class. */
    private static Path jar(String name) throws IOException {
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
        manifest.getMainAttributes().putValue("Bundle-ManifestVersion", "2");
        manifest.getMainAttributes().putValue("Bundle-SymbolicName", "test." + name);
        manifest.getMainAttributes().putValue("Bundle-Version", "1.0.0");
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        new JarOutputStream(bytes, manifest).close();
        return Files.write(folder.resolve(name + ".jar"), bytes.toByteArray());
    }

    private static String signed(String name) throws Exception {
        return alcove("sign", folder.resolve(name + ".jar").toString(), "--key", folder.resolve("key.pem").toString());
    }

    /** What a command wrote on its standard output; it must end well. */
    private static String alcove(String... arguments) throws Exception {
        Path out = folder.resolve("out");
        assertEquals(0, command(out, arguments), () -> "alcove " + Arrays.toString(arguments));
        return Files.readString(out);
    }

    private static int command(Path out, String... arguments) throws Exception {
        List<String> command = new ArrayList<>(List.of(home.resolve("alcove").toString()));
        command.addAll(List.of(arguments));
        Process process = new ProcessBuilder(command).redirectOutput(out.toFile())
                .redirectError(ProcessBuilder.Redirect.DISCARD).start();
        assertTrue(process.waitFor(300, TimeUnit.SECONDS), "the command did not end");
        return process.exitValue();
    }

    private static HttpResponse<String> ask(HttpRequest.Builder request, String path) throws Exception {
        return CLIENT.send(request.uri(URI.create(server.url() + path)).header("Authorization", "Bearer a-key-of-some-length")
                .build(), HttpResponse.BodyHandlers.ofString());
    }

    private static HttpResponse<String> get(String path) throws Exception {
        return ask(HttpRequest.newBuilder().GET(), path);
    }

    private static HttpResponse<String> install(String name, boolean withSignature) throws Exception {
        HttpRequest.Builder request = HttpRequest.newBuilder().POST(HttpRequest.BodyPublishers.ofFile(
                folder.resolve(name + ".jar"))).header("Content-Type", "application/java-archive");
        if (withSignature) {
            request.header("Alcove-Signature", Files.readString(folder.resolve(name + ".jar.sig")).strip());
        }
        return ask(request, "/admin/api/sealed/plugins");
    }

    private static List<String> measured() throws Exception {
        return StreamSupport.stream(JSON.readTree(get("/admin/api/sealed").body()).get("bundles").spliterator(), false)
                .map(bundle -> bundle.get("name").textValue()).toList();
    }

    @Test
    void anUnsignedBundleAnUnlistedOneAndOneInThePluginFolderAreRefusedWithTheReason() throws Exception {
        HttpResponse<String> unsigned = install("unsigned", false);
        assertEquals(403, unsigned.statusCode());
        assertTrue(unsigned.body().contains("not signed"), unsigned.body());
        HttpResponse<String> unlisted = install("unlisted", true);
        assertEquals(403, unlisted.statusCode());
        assertTrue(unlisted.body().contains("signed by release but not listed"), unlisted.body());
        assertTrue(server.output().contains("Refused dropped.jar: test.dropped 1.0.0 is not signed"), server.output());
        Files.copy(folder.resolve("unlisted.jar"), home.resolve("plugins/later.jar"));
        for (String refused : List.of("test.unsigned", "test.unlisted", "test.dropped")) {
            assertFalse(measured().contains(refused), refused);
        }
    }

    @Test
    void aSignedAndListedPluginIsInEvidenceThatVerifies() throws Exception {
        HttpResponse<String> installed = install("good", true);
        assertEquals(201, installed.statusCode(), installed.body());
        assertEquals(403, install("good", true).statusCode());
        JsonNode answer = JSON.readTree(get("/attestation?nonce=" + NONCE).body());
        JsonNode document = JSON.readTree(answer.at("/workers/0/evidence").binaryValue());
        JsonNode claims = JSON.readTree(document.get("claims").binaryValue());
        assertEquals("none", claims.at("/sealed/register").textValue());
        JsonNode last = claims.at("/sealed/bundles").get(claims.at("/sealed/bundles").size() - 1);
        assertEquals("test.good", last.get("name").textValue());
        assertEquals("release", last.get("signer").textValue());

        String product = alcove("digest", "--json");
        String all = product.replaceFirst("\\n]", ",\n  \"" + last.get("sha256").textValue() + "\"\n]");
        assertEquals(0, verify(answer, all), () -> read("verdict"));
        assertEquals(1, verify(answer, product), () -> read("verdict"));
        assertTrue(read("verdict").contains("test.good 1.0.0"), read("verdict"));
        // Without the plug-in in the list, all would be well with the product's own policy: were it not bound.
        ArrayNode list = (ArrayNode) claims.at("/sealed/bundles");
        list.remove(list.size() - 1);
        ((ObjectNode) document).put("claims", claims.toString().getBytes(StandardCharsets.UTF_8));
        ((ObjectNode) answer.at("/workers/0")).put("evidence", document.toString().getBytes(StandardCharsets.UTF_8));
        assertEquals(1, verify(answer, product), () -> read("verdict"));
        assertTrue(read("verdict").contains("does not bind"), read("verdict"));
    }

    private static int verify(JsonNode answer, String bundles) throws Exception {
        String any = "\"mr_td\":\"any\",\"rtmr_0\":\"any\",\"rtmr_1\":\"any\",\"rtmr_2\":\"any\",\"rtmr_3\":\"any\","
                + "\"mr_config_id\":\"any\",\"report_data\":\"any\"";
        Path accepted = Files.writeString(folder.resolve("client.json"), "{\"version\":1,\"allow_mock\":true,\"bundles\":"
                + bundles + ",\"measurements\":{" + any + "}}");
        return command(folder.resolve("verdict"), "verify", Files.writeString(folder.resolve("answer.json"), answer.toString())
                .toString(), "--policy", accepted.toString(), "--nonce", NONCE);
    }

    private static String read(String file) {
        try {
            return Files.readString(folder.resolve(file));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Test
    void configurationsPluginsAndModelsAreNotChanged() throws Exception {
        HttpResponse<String> chosen = ask(HttpRequest.newBuilder().PUT(HttpRequest.BodyPublishers.ofString(
                "{\"policy\":\"lottery\"}")).header("Content-Type", "application/json"), "/admin/api/policy");
        assertEquals(403, chosen.statusCode(), chosen.body());
        assertEquals("sealed", JSON.readTree(chosen.body()).at("/error/code").textValue());
        HttpResponse<String> uploaded = ask(HttpRequest.newBuilder().POST(HttpRequest.BodyPublishers.ofFile(
                folder.resolve("good.jar"))).header("Content-Type", "application/java-archive"), "/admin/api/plugins");
        assertEquals(403, uploaded.statusCode(), uploaded.body());
        for (String change : List.of("models/alcove-demo/load", "models/alcove-demo/unload", "quantizations", "kernels/trial",
                "plugins/test.good/rollback")) {
            HttpResponse<String> refused = ask(HttpRequest.newBuilder().POST(HttpRequest.BodyPublishers.ofString("{}"))
                    .header("Content-Type", "application/json"), "/admin/api/" + change);
            assertEquals("403 sealed", refused.statusCode() + " " + JSON.readTree(refused.body()).at("/error/code").textValue(),
                    change);
        }
    }

    /** A plug-in that the policy admits, and a configuration: who writes to the disk changes nothing before the next start. */
    @Test
    void nobodyWatchesTheFoldersOfPluginsAndConfigurations() throws Exception {
        String before = get("/admin/api/policy").body();
        assertTrue(before.contains("shortest_queue"), before);
        Files.copy(folder.resolve("watched.jar.sig"), home.resolve("plugins/watched.jar.sig"));
        Files.copy(folder.resolve("watched.jar"), home.resolve("plugins/watched.jar"));
        Files.writeString(home.resolve("conf/org.alcove.core.config"), "policy=\"lottery\"\n");
        // Where File Install runs it looks every two seconds.
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(5);
        while (System.nanoTime() < end) {
            assertFalse(measured().contains("test.watched"));
            assertEquals(before, get("/admin/api/policy").body());
        }
    }

    @Test
    void nobodyComesInBesideTheApi() throws Exception {
        assertEquals(404, get("/admin/felix/bundles").statusCode());
        List<String> measured = measured();
        assertTrue(measured.contains("org.alcove.core"), measured.toString());
        for (String door : List.of("org.apache.felix.fileinstall", "org.apache.felix.gogo.runtime",
                "org.apache.felix.gogo.command")) {
            assertFalse(measured.contains(door), door);
        }
        Process attach = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "jcmd").toString(),
                Long.toString(server.pid()), "Thread.print").redirectErrorStream(true).start();
        String told = new String(attach.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertNotEquals(0, attach.waitFor(), told);
        assertFalse(told.contains("alcove-ready"), told);
    }

    @Test
    void aChangedProductOrAnotherPolicyDoesNotStart() throws Exception {
        Path without = Files.writeString(folder.resolve("without-core.policy"), Files.readString(policy).lines()
                .filter(line -> !line.startsWith("bundle org.alcove.core ")).reduce("", (text, line) -> text + line + "\n"));
        ServerProcess refused = ServerProcess.start(home, folder.resolve("other"), Map.of(), "--sealed",
                without.toString());
        assertNotEquals(0, refused.awaitEnd());
        assertTrue(refused.output().contains("org.alcove.core") && refused.output().contains("not listed"), refused.output());
        ServerProcess pinned = ServerProcess.start(home, folder.resolve("other"), Map.of(), "--sealed",
                policy.toString(), "--sealed-sha256", "00".repeat(32));
        assertNotEquals(0, pinned.awaitEnd());
        assertTrue(pinned.output().contains("--sealed-sha256"), pinned.output());
    }

    @Test
    void thePlaceholderOfTheManifestsAndAFlagThatOpensTheProcessDoNotStart() throws Exception {
        Path placeholder = Path.of(System.getProperty("alcove.root"), "distribution", "kubernetes", "tdx", "sealed.policy");
        ServerProcess unfilled = ServerProcess.start(home, folder.resolve("other"), Map.of(), "--sealed", placeholder.toString());
        assertNotEquals(0, unfilled.awaitEnd());
        assertTrue(unfilled.output().contains("sealed.policy is a placeholder"), unfilled.output());
        ServerProcess open = ServerProcess.start(home, folder.resolve("other"),
                Map.of("ALCOVE_JAVA_FLAGS", "-XX:-DisableAttachMechanism"), "--sealed", policy.toString());
        assertNotEquals(0, open.awaitEnd());
        assertTrue(open.output().contains("a sealed process takes no -XX:-DisableAttachMechanism"), open.output());
    }
}
