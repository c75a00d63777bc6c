package org.alcove.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** What makes a cluster of the pods: who may speak to whom, what stays while nodes are emptied, what it grows by. */
class ClusterRulesTest {

    static final List<String> OVERLAYS = Manifests.OVERLAYS.stream().filter(overlay -> !overlay.equals("podman")).toList();
    private static final String COMPONENT = "app.kubernetes.io/component";
    private static final Path FIGURES = Path.of("..", "..", "bundles", "metrics", "src", "main", "java");

    private static Stream<JsonNode> policies(String overlay) throws IOException {
        return Manifests.rendered(overlay).ofKind("NetworkPolicy");
    }

    @ParameterizedTest
    @FieldSource("OVERLAYS")
    void nobodyIsReachedOrReachesAnybodyUnlessAPolicySaysSo(String overlay) throws IOException {
        assertTrue(policies(overlay).anyMatch(it -> it.at("/spec/podSelector").isEmpty()
                && it.at("/spec/policyTypes").toString().equals("[\"Ingress\",\"Egress\"]")
                && it.at("/spec/ingress").isMissingNode() && it.at("/spec/egress").isMissingNode()), "all is open");
        for (JsonNode policy : policies(overlay).toList()) {
            // Rules without ports are for all of them.
            Stream.of("/spec/ingress", "/spec/egress").flatMap(rules -> Manifests.each(policy.at(rules)))
                    .forEach(rule -> assertFalse(rule.path("ports").isEmpty(), Manifests.name(policy)));
        }
    }

    /** By names, by itself: a prompt that a worker holds can go to the controller, and to nobody else. */
    @ParameterizedTest
    @FieldSource("OVERLAYS")
    void workersSpeakToTheControllerAlone(String overlay) throws IOException {
        Set<String> targets = new TreeSet<>();
        for (JsonNode policy : policies(overlay).toList()) {
            JsonNode selected = policy.at("/spec/podSelector/matchLabels").path(COMPONENT);
            if (selected.isMissingNode() || selected.asText().equals("worker")) {
                Manifests.each(policy.at("/spec/egress")).forEach(rule -> targets.add(rule.path("to").isMissingNode() ? "anybody"
                        : rule.path("to").findValuesAsText(COMPONENT) + "" + rule.path("to")
                                .findValuesAsText("kubernetes.io/metadata.name")));
            }
        }
        // In a confidential guest the guest itself fetches images and keys.
        Set<String> expected = overlay.startsWith("tdx") ? Set.of("[controller][]", "[][kube-system]", "[][trustee]", "anybody")
                : Set.of("[controller][]", "[][kube-system]");
        assertEquals(expected, targets);
    }

    @ParameterizedTest
    @FieldSource("OVERLAYS")
    void whatRunsMoreThanOnceStaysWhileNodesAreEmptied(String overlay) throws IOException {
        Manifests manifests = Manifests.rendered(overlay);
        for (String component : List.of("worker", "api")) {
            JsonNode budget = manifests.ofKind("PodDisruptionBudget").filter(it -> Manifests.name(it).equals(component))
                    .findFirst().orElseThrow();
            assertEquals(1, budget.at("/spec/maxUnavailable").asInt(), component);
            assertEquals(component, budget.at("/spec/selector/matchLabels").path(COMPONENT).asText());
        }
    }

    @ParameterizedTest
    @FieldSource("OVERLAYS")
    void workersScaleByTheQueueThatTheControllerShows(String overlay) throws IOException {
        assumeTrue(!overlay.equals("dev"), "one small machine does not scale");
        JsonNode scaler = Manifests.rendered(overlay).ofKind("HorizontalPodAutoscaler")
                .filter(it -> Manifests.name(it).equals("worker")).findFirst().orElseThrow();
        JsonNode metric = scaler.at("/spec/metrics/0/object");
        assertEquals("alcove_worker_queue_length", metric.at("/metric/name").asText());
        assertEquals("controller", metric.at("/describedObject/name").asText());
        assertEquals("AverageValue", metric.at("/target/type").asText());
        assertTrue(scaler.at("/spec/minReplicas").asInt() >= 2, "an answer has to go on elsewhere when a worker is lost");
        try (Stream<Path> sources = Files.walk(FIGURES)) {
            String figures = sources.filter(Files::isRegularFile).map(ClusterRulesTest::text).collect(Collectors.joining());
            assertTrue(figures.contains("\"worker_queue_length\""), "no such figure is shown");
        }
        assertTrue(Files.readString(Path.of("..", "..", "docs", "deployment.md")).contains("as: alcove_worker_queue_length"));
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @ParameterizedTest
    @FieldSource("OVERLAYS")
    void modelsComeByAVolumeThatNobodyWritesTo(String overlay) throws IOException {
        JsonNode worker = Manifests.rendered(overlay).workloads().stream().filter(it -> Manifests.name(it).equals("worker"))
                .findFirst().orElseThrow();
        JsonNode mount = Manifests.each(Manifests.containers(worker).getFirst().path("volumeMounts"))
                .filter(it -> it.path("mountPath").asText().equals("/models")).findFirst().orElseThrow();
        assertTrue(mount.path("readOnly").asBoolean());
        JsonNode volume = Manifests.each(Manifests.pod(worker).path("volumes"))
                .filter(it -> it.path("name").equals(mount.path("name"))).findFirst().orElseThrow();
        assertTrue(volume.at("/persistentVolumeClaim/readOnly").asBoolean(), volume.toString());
    }
}
