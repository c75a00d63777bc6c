package org.alcove.image;

import static org.junit.jupiter.api.Assertions.assertDoesNotThrow;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** What is rendered is what Kubernetes knows, and keeps our own rules. */
class ManifestsTest {

    static final List<String> OVERLAYS = Manifests.OVERLAYS;
    /** Bundles as they are unpacked, native kernels, a file system's own needs. */
    private static final int SLACK_MB = 512;

    @ParameterizedTest
    @FieldSource("OVERLAYS")
    void everyFieldIsOneThatKubernetesKnows(String overlay) throws IOException {
        Manifests manifests = Manifests.rendered(overlay);
        assertFalse(manifests.workloads().isEmpty());
        for (JsonNode manifest : manifests.all()) {
            assertDoesNotThrow(() -> Manifests.validate(manifest), () -> Manifests.name(manifest));
        }
    }

    @Test
    void aMisspeltFieldAndAWrongTypeAreRefused() throws IOException {
        ObjectNode misspelt = Manifests.rendered("base").workloads().getFirst().deepCopy();
        ((ObjectNode) Manifests.containers(misspelt).getFirst()).put("readinesProbe", 1);
        String message = assertThrows(IllegalArgumentException.class, () -> Manifests.validate(misspelt)).getMessage();
        assertTrue(message.contains("readinesProbe"), message);
        ObjectNode mistyped = Manifests.rendered("base").workloads().getFirst().deepCopy();
        ((ObjectNode) Manifests.containers(mistyped).getFirst()).put("args", "controller");
        assertThrows(IllegalArgumentException.class, () -> Manifests.validate(mistyped));
    }

    @ParameterizedTest
    @FieldSource("OVERLAYS")
    void nothingRunsAsRootOrWritesToItsImageOrGainsRights(String overlay) throws IOException {
        for (JsonNode workload : Manifests.rendered(overlay).workloads()) {
            JsonNode pod = Manifests.pod(workload);
            assertTrue(pod.at("/securityContext/runAsNonRoot").asBoolean(), Manifests.name(workload));
            assertEquals(Layers.USER, pod.at("/securityContext/runAsUser").asText());
            assertEquals("RuntimeDefault", pod.at("/securityContext/seccompProfile/type").asText());
            assertFalse(pod.path("automountServiceAccountToken").asBoolean(true), Manifests.name(workload));
            for (String field : List.of("hostNetwork", "hostPID", "hostIPC")) {
                assertTrue(pod.path(field).isMissingNode(), field);
            }
            assertTrue(Manifests.each(pod.path("volumes")).noneMatch(it -> it.has("hostPath")), "hostPath");
            for (JsonNode container : Manifests.containers(workload)) {
                JsonNode security = container.path("securityContext");
                assertTrue(security.path("readOnlyRootFilesystem").asBoolean(), container.path("name").asText());
                assertFalse(security.path("allowPrivilegeEscalation").asBoolean(true), container.path("name").asText());
                assertEquals("[\"ALL\"]", security.at("/capabilities/drop").toString());
                assertTrue(security.path("privileged").isMissingNode());
                // Copied into confidential guests, where it does not work.
                assertTrue(Manifests.each(container.path("volumeMounts")).noneMatch(it -> it.has("subPath")), "subPath");
            }
        }
    }

    @ParameterizedTest
    @FieldSource("OVERLAYS")
    void everyContainerHasWholeCoresAndAsMuchAsItAsksFor(String overlay) throws IOException {
        for (JsonNode workload : Manifests.rendered(overlay).workloads()) {
            for (JsonNode container : Manifests.containers(workload)) {
                JsonNode resources = container.path("resources");
                assertEquals(resources.path("requests"), resources.path("limits"), Manifests.name(workload));
                assertTrue(resources.at("/limits/cpu").asText().matches("[1-9][0-9]*"), resources.toString());
                assertTrue(resources.at("/limits/memory").asText().matches("[1-9][0-9]*[MG]i"), resources.toString());
            }
        }
    }

    /** A copy of weights, in the folder of --data, is of at most half the container's memory (docs/native.md). */
    @ParameterizedTest
    @FieldSource("OVERLAYS")
    void theVolumeOfAWorkerHoldsTwoCopiesOfWeightsSoThatItIsNotEvictedForThem(String overlay) throws IOException {
        List<JsonNode> workers = Manifests.rendered(overlay).workloads().stream()
                .filter(it -> Manifests.name(it).startsWith("worker")).toList();
        assertFalse(workers.isEmpty());
        for (JsonNode worker : workers) {
            List<String> words = Manifests.each(Manifests.containers(worker).getFirst().path("args")).map(JsonNode::asText)
                    .toList();
            assertTrue(words.get(words.indexOf("--data") + 1).matches("/data(/.+)?"), words.toString());
            String memory = Manifests.containers(worker).getFirst().at("/resources/limits/memory").asText();
            String size = Manifests.each(Manifests.pod(worker).path("volumes"))
                    .filter(it -> it.path("name").asText().equals("data")).findFirst().orElseThrow()
                    .at("/emptyDir/sizeLimit").asText();
            assertTrue(megabytes(size) >= 2 * (megabytes(memory) / 2) + SLACK_MB, overlay + ": " + size + " for " + memory);
        }
    }

    private static long megabytes(String quantity) {
        long number = Long.parseLong(quantity.substring(0, quantity.length() - 2));
        return quantity.endsWith("Gi") ? number << 10 : number;
    }

    @ParameterizedTest
    @FieldSource("OVERLAYS")
    void everyImageIsOneThatIsMadeHereAndNoneIsWhatIsNewest(String overlay) throws IOException {
        Set<String> known = overlay.equals("podman") ? Set.of(ImageBuild.NAME, "alcove-data-hub:0.1.0") : Set.of(ImageBuild.NAME);
        for (JsonNode workload : Manifests.rendered(overlay).workloads()) {
            for (JsonNode container : Manifests.containers(workload)) {
                String image = container.path("image").asText();
                assertTrue(overlay.startsWith("tdx") ? image.matches("registry\\.example\\.org/alcove@sha256:[0-9a-f]{64}")
                        : known.contains(image), image);
            }
        }
    }

    /** Longer than the 20 s that answers may go on, and than what is waited before. */
    @ParameterizedTest
    @FieldSource("OVERLAYS")
    void whatIsStoppedHasTimeToEndItsAnswers(String overlay) throws IOException {
        for (JsonNode workload : Manifests.rendered(overlay).workloads()) {
            int before = Manifests.containers(workload).getFirst().at("/lifecycle/preStop/sleep/seconds").asInt();
            int grace = Manifests.pod(workload).path("terminationGracePeriodSeconds").asInt();
            assertTrue(grace >= before + 30, Manifests.name(workload) + " has " + grace + " s");
        }
    }

    @ParameterizedTest
    @FieldSource("OVERLAYS")
    void probesAskThereWhereKubernetesAsks(String overlay) throws IOException {
        assumeTrue(!overlay.equals("podman"), "podman is asked by its script");
        for (JsonNode workload : Manifests.rendered(overlay).workloads()) {
            JsonNode container = Manifests.containers(workload).getFirst();
            for (String probe : List.of("startupProbe", "livenessProbe", "readinessProbe")) {
                JsonNode page = container.path(probe).path("httpGet");
                assertTrue(Set.of("/healthz", "/readyz").contains(page.path("path").asText()), probe);
                assertEquals("HTTPS", page.path("scheme").asText());
                assertEquals("Host", page.at("/httpHeaders/0/name").asText());
            }
            assertEquals("/healthz", container.at("/livenessProbe/httpGet/path").asText(),
                    "a worker whose model loads is not to be killed");
        }
    }

    @Test
    void whatIsRenderedIsWhatTheSourcesSay() throws IOException, ImageException, InterruptedException {
        for (String line : Files.readAllLines(Manifests.FOLDER.resolve("rendered/sources.sha256"))) {
            Path source = Manifests.FOLDER.resolve(line.substring(66));
            assertEquals(line.substring(0, 64), DebianArchive.sha256(source), source + " changed; run render.sh");
        }
        try (Stream<Path> sources = OVERLAYS.stream().flatMap(ManifestsTest::files)) {
            assertEquals(Files.readAllLines(Manifests.FOLDER.resolve("rendered/sources.sha256")).size(), sources.count(),
                    "a source came or went; run render.sh");
        }
        assumeTrue(present("kubectl") && Tool.run(Manifests.FOLDER, List.of("kubectl", "version", "--client"))
                .contains("Kustomize Version: v5"), "SKIPPED: kubectl with Kustomize 5 is not here; nothing was rendered anew");
        for (String overlay : OVERLAYS) {
            assertEquals(Files.readString(Manifests.FOLDER.resolve("rendered/" + overlay + ".yaml")),
                    Tool.run(Manifests.FOLDER, List.of("kubectl", "kustomize", overlay)), overlay + "; run render.sh");
        }
    }

    private static Stream<Path> files(String folder) {
        try (Stream<Path> all = Files.walk(Manifests.FOLDER.resolve(folder))) {
            return all.filter(Files::isRegularFile).toList().stream();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static boolean present(String program) {
        return Stream.of(System.getenv("PATH").split(":")).anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
    }
}
