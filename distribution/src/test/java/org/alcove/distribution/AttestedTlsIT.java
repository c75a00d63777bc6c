package org.alcove.distribution;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Predicate;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;
import org.alcove.attestation.tdx.FakeMachine;
import org.alcove.attestation.tdx.FakeMachine.Fault;
import org.alcove.attestation.tdx.TestRoot;
import org.alcove.testkit.tls.TestAuthority;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/**
 * A cluster whose processes know each other by certificates, and whose controller admits workers by TDX quotes: made up under a
 * root of the test's own, and judged by the product's verifier, which a bundle of the test gives that root. Between the worker
 * and the others stands somebody with a good certificate, who first lets everything pass.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class AttestedTlsIT {

    private static final String CANARY = "zqxpinnedcanaryvjk";
    private static final String POLICY = "{\"version\":1,\"allow_mock\":true,\"measurements\":{\"mr_td\":[\"11%s\"],"
            + "\"rtmr_0\":\"any\",\"rtmr_1\":\"any\",\"rtmr_2\":\"any\",\"rtmr_3\":\"any\",\"mr_config_id\":\"any\"}}";
    private static final Duration LIMIT = Duration.ofSeconds(300);

    @TempDir
    static Path folder;
    private final List<ServerProcess> processes = new ArrayList<>();
    private TestAuthority authority;
    private FakeMachine machine;
    private Path home;
    private Tap middle;
    private ServerProcess controller;
    private ServerProcess worker;
    private ServerProcess api;
    private SSLContext member;
    private HttpClient client;

    @BeforeAll
    void start() throws Exception {
        String model = Distribution.smallModel().toString();
        authority = new TestAuthority(folder);
        machine = new FakeMachine();
        home = Distribution.copyTo(folder.resolve("home"));
        testRoot();
        Files.writeString(home.resolve("conf/org.alcove.evidence.config"), "agent=\"" + machine.url() + "\"\n",
                StandardOpenOption.APPEND);
        Files.writeString(home.resolve("conf/org.alcove.worker.model-default.config"), "\nmax_running=I\"1\"\n",
                StandardOpenOption.APPEND);
        member = authority.context(issue("member"));
        client = HttpClient.newBuilder().sslContext(member).build();
        Path policy = Files.writeString(folder.resolve("policy.json"), POLICY.formatted("00".repeat(47)));
        controller = launch("controller", "--port", "0", "--worker-policy", policy.toString(), "--worker-collateral",
                machine.collateral(folder.resolve("collateral")).toString()).awaitReady();
        middle = new Tap();
        worker = launch("worker", "--port", "0", "--controller", controller.url(), "--model", model, "--evidence", "agent",
                "--advertise", "https://127.0.0.1:" + middle.port(), "--max-tokens-per-second", "40");
        worker.awaitReady();
        middle.stand(worker.url());
        api = launch("api", "--port", "0", "--controller", controller.url()).awaitReady();
        admitted();
    }

    @AfterAll
    void stop() throws IOException {
        processes.reversed().forEach(ServerProcess::kill);
        if (client != null) {
            client.close();
            machine.close();
        }
        if (middle != null) {
            middle.close();
        }
    }

    private Path issue(String name) throws Exception {
        Path made = folder.resolve(name + ".p12");
        return Files.exists(made) ? made : authority.issue(name, "ip:127.0.0.1", "dns:localhost");
    }

    /** The bundle with the test's root: the product's rules, under another root, before all who want a verifier. */
    private void testRoot() throws IOException {
        Path product = home.resolve("system/20/attestation.jar");
        String activator = TestRoot.class.getName().replace('.', '/') + ".class";
        try (JarFile from = new JarFile(product.toFile());
                InputStream own = TestRoot.class.getResourceAsStream("TestRoot.class")) {
            Manifest manifest = new Manifest();
            Attributes head = manifest.getMainAttributes();
            head.put(Attributes.Name.MANIFEST_VERSION, "1.0");
            head.putValue("Bundle-ManifestVersion", "2");
            head.putValue("Bundle-SymbolicName", "test.root");
            head.putValue("Bundle-Activator", TestRoot.class.getName());
            head.putValue("Import-Package", from.getManifest().getMainAttributes().getValue("Import-Package")
                    + ",org.alcove.attestation,org.osgi.framework");
            try (OutputStream file = Files.newOutputStream(home.resolve("system/10/test-root.jar"));
                    JarOutputStream to = new JarOutputStream(file, manifest)) {
                for (JarEntry entry : Collections.list(from.entries())) {
                    if (entry.getName().matches("org/alcove/attestation/[^/]+/.+\\.class")) {
                        to.putNextEntry(new JarEntry(entry.getName()));
                        from.getInputStream(entry).transferTo(to);
                    }
                }
                to.putNextEntry(new JarEntry(activator));
                own.transferTo(to);
            }
        }
    }

    private ServerProcess launch(String role, String... flags) throws Exception {
        List<String> all = new ArrayList<>(List.of(flags));
        all.addAll(List.of("--data", folder.resolve("data-" + processes.size()).toString(), "--tls", issue(role).toString(),
                "--cluster-ca", authority.certificate().toString()));
        ServerProcess process = ServerProcess.launch(home, role, Map.of("ALCOVE_TLS_PASSWORD", TestAuthority.PASSWORD,
                "ALCOVE_CA_PASSWORD", TestAuthority.PASSWORD, "ALCOVE_JAVA_FLAGS", "-Dalcove.heartbeat_seconds=1"
                + " -Dalcove.poll_seconds=1 -Dalcove.evidence_seconds=4 -D" + TestRoot.PROPERTY + "=" + machine.root()), all);
        processes.add(process);
        return process;
    }

    private JsonNode record(ServerProcess process) {
        try {
            HttpResponse<String> told = client.send(HttpRequest.newBuilder(URI.create(process.url() + "/admin/api/workers"))
                    .build(), HttpResponse.BodyHandlers.ofString());
            // A controller that has just started may answer workers before it answers people.
            return told.statusCode() == 200 ? new ObjectMapper().readTree(told.body()).path("workers").path(0)
                    : MissingNode.getInstance();
        } catch (IOException e) {
            throw new IllegalStateException(outputs(), e);
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private String outputs() {
        return String.join("", processes.stream().map(process -> "\n----\n" + process.output()).toList());
    }

    private void await(String state, String reason) {
        RunningModel.await("a worker that is " + state + ": " + reason,
                () -> record(controller).path("state").asText().equals(state)
                && record(controller).path("reason").asText().contains(reason));
    }

    private void admitted() {
        await("ready", "MOCK evidence, which proves nothing");
    }

    private HttpRequest completion(int tokens, boolean stream) {
        return HttpRequest.newBuilder(URI.create(api.url() + "/v1/completions")).timeout(LIMIT)
                .header("Content-Type", "application/json").POST(HttpRequest.BodyPublishers.ofString(
                "{\"model\":\"stories260K\",\"max_tokens\":" + tokens + ",\"temperature\":0,\"stream\":" + stream
                        + ",\"prompt\":\"" + CANARY + "\"}")).build();
    }

    private HttpResponse<String> ask() {
        try {
            return client.send(completion(8, false), HttpResponse.BodyHandlers.ofString());
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private void assertAnswers() {
        awaitAnswer("an answer", answer -> answer.statusCode() == 200);
    }

    /** Asks until an answer is as it should be; else tells the last one, and what the processes said. */
    private void awaitAnswer(String what, Predicate<HttpResponse<String>> right) {
        AtomicReference<String> last = new AtomicReference<>("nothing");
        try {
            RunningModel.await(what, () -> {
                HttpResponse<String> answer = ask();
                last.set(answer.statusCode() + " " + answer.body());
                return right.test(answer);
            });
        } catch (AssertionError none) {
            throw new AssertionError(none.getMessage() + ", but " + last + outputs(), none);
        }
    }

    @Test
    void evidenceThatIsWrongIsRefusedWithTheReasonAndRightEvidenceIsAdmittedAgain() throws Exception {
        assertAnswers();
        Map<Fault, String> reasons = Map.of(Fault.OTHER_SOFTWARE, "mr_td is 44", Fault.DEBUG, "debug", Fault.OUT_OF_DATE,
                "OutOfDate", Fault.REPLAY, "report_data is ");
        for (Map.Entry<Fault, String> each : reasons.entrySet()) {
            machine.become(each.getKey());
            // Before, it may be refused for evidence that is too old: where that takes long to be had and judged.
            await("paused", each.getValue());
            assertTrue(record(controller).path("reason").asText().startsWith("refused: "), each.getKey().name());
            assertTrue(controller.output().contains(each.getValue()), "the controller's log has the reason");
            awaitAnswer("a refusal", refused -> refused.statusCode() == 503 && refused.body().contains("refused: "));
            machine.become(Fault.NONE);
            admitted();
        }
        assertAnswers();
    }

    @Test
    void whoStandsBetweenWithACertificateOfTheClusterIsFoundOutAndHearsNoPrompt() throws Exception {
        assertAnswers();
        assertFalse(middle.heard().contains(CANARY), "TLS passed through");
        SSLContext insider = authority.context(issue("insider"));
        middle.intercept(Optional.of(insider));
        await("paused", "somebody is in between");
        middle.intercept(Optional.empty());
        admitted();
        assertAnswers();
        RunningModel.await("an API process that has heard of it", () -> record(api).path("state").asText().equals("ready"));
        // Whose controller is away asks the workers it was told of; nobody but the key's owner is told a prompt.
        controller.kill();
        assertAnswers();
        middle.intercept(Optional.of(insider));
        String found = "it shows the TLS key " + TestAuthority.keyHash(folder.resolve("insider.p12")) + ", but "
                + TestAuthority.keyHash(folder.resolve("worker.p12")) + " was admitted";
        // The first request may find the end of a connection that there was.
        awaitAnswer(found, refused -> {
            assertEquals(503, refused.statusCode(), refused.body());
            return refused.body().contains(found);
        });
        assertFalse(middle.heard().contains(CANARY), "no byte of a prompt was told to the one in between");
        middle.intercept(Optional.empty());
        controller = launch("controller", "--port", Integer.toString(URI.create(controller.url()).getPort()), "--worker-policy",
                folder.resolve("policy.json").toString(), "--worker-collateral", folder.resolve("collateral").toString())
                .awaitReady();
        admitted();
    }

    /** The worker computes one answer at a time, and not fast. */
    @Test
    void whoWaitsInTheLineOfAWorkerElsewhereIsToldItsPlace() throws Exception {
        assertAnswers();
        try (Stream<String> first = client.send(completion(400, true), HttpResponse.BodyHandlers.ofLines()).body()) {
            assertTrue(first.anyMatch(line -> line.startsWith("data: ")), "the first one is being written");
            try (Stream<String> second = client.send(completion(1, true), HttpResponse.BodyHandlers.ofLines()).body()) {
                // Once that is told the first one need not go on.
                List<String> lines = second.peek(line -> {
                    if (line.equals(": queued 1")) {
                        first.close();
                    }
                }).toList();
                assertTrue(lines.containsAll(List.of(": queued 1", "data: [DONE]")), lines.toString());
            }
        }
    }

    @Test
    void processesOfTheClusterShowCertificatesOfItsAuthority() throws Exception {
        TestAuthority others = new TestAuthority(Files.createDirectories(folder.resolve("others")));
        Path foreign = others.issue("foreign", "ip:127.0.0.1");
        assertEquals(200, status(member, worker.url() + "/alcove/v1/status"));
        assertEquals(200, status(member, controller.url() + "/alcove/v1/workers?client=test"));
        for (String url : List.of(worker.url() + "/alcove/v1/status", controller.url() + "/alcove/v1/workers?client=test")) {
            assertThrows(IOException.class, () -> status(authority.stranger(), url), "nothing shown");
            assertThrows(IOException.class, () -> status(authority.context(foreign), url), "another authority's shown");
            assertThrows(IOException.class, () -> status(others.context(foreign), url), "the other side is not trusted");
        }
    }

    private static int status(SSLContext tls, String url) throws Exception {
        try (HttpClient own = HttpClient.newBuilder().sslContext(tls).build()) {
            HttpRequest request = HttpRequest.newBuilder(URI.create(url)).timeout(LIMIT).build();
            return own.send(request, HttpResponse.BodyHandlers.discarding()).statusCode();
        }
    }
}
