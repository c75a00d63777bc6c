package org.alcove.image;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** Whatever a manifest names is there: secrets and their keys, claims, services, ports, pods, names in certificates. */
class ManifestReferencesTest {

    static final List<String> OVERLAYS = Manifests.OVERLAYS;
    private static final Pattern ADDRESS = Pattern.compile("https://(\\S+\\.alcove\\.svc):(\\d+)");

    /** Made by the script that people use. */
    private static Manifests secrets;
    private static String names;

    @BeforeAll
    static void makeSecrets(@TempDir Path folder) throws IOException, ImageException, InterruptedException {
        Path keys = Files.writeString(folder.resolve("keys"), "me:not-a-secret\n");
        Tool.run(Path.of("."), List.of("env", "JAVA_HOME=" + System.getProperty("java.home"),
                Manifests.FOLDER.resolve("secrets.sh").toString(), folder.resolve("made").toString(), keys.toString()));
        secrets = Manifests.read(folder.resolve("made/secrets.yaml"));
        names = Tool.run(folder,
                List.of(System.getProperty("java.home") + "/bin/keytool", "-printcert", "-file", "made/node.pem"));
    }

    @Test
    void theScriptMakesSecretsThatKubernetesKnows() throws IOException {
        for (JsonNode secret : secrets.all()) {
            Manifests.validate(secret);
        }
    }

    @ParameterizedTest
    @FieldSource("OVERLAYS")
    void secretsAndClaimsAreThere(String overlay) throws IOException {
        Manifests manifests = Manifests.rendered(overlay);
        for (JsonNode workload : manifests.workloads()) {
            for (JsonNode volume : Manifests.each(Manifests.pod(workload).path("volumes")).toList()) {
                String secret = volume.at("/secret/secretName").asText("");
                assertTrue(secret.isEmpty() || secrets.has("Secret", secret), secret);
                String claim = volume.at("/persistentVolumeClaim/claimName").asText("");
                assertTrue(claim.isEmpty() || overlay.equals("podman") || manifests.has("PersistentVolumeClaim", claim), claim);
            }
            Set<String> volumes = Manifests.each(Manifests.pod(workload).path("volumes"))
                    .map(it -> it.path("name").asText()).collect(Collectors.toSet());
            for (JsonNode container : Manifests.containers(workload)) {
                Manifests.each(container.path("volumeMounts")).forEach(it ->
                        assertTrue(volumes.contains(it.path("name").asText()), it.toString()));
                Manifests.each(container.path("env")).filter(it -> it.at("/valueFrom/secretKeyRef").isObject())
                        .forEach(it -> assertKey(it.at("/valueFrom/secretKeyRef")));
            }
        }
    }

    private static void assertKey(JsonNode reference) {
        assertTrue(secrets.ofKind("Secret").anyMatch(it -> Manifests.name(it).equals(reference.path("name").asText())
                && it.path("data").has(reference.path("key").asText())), reference.toString());
    }

    /** A file that a process is told to read lies in one of its volumes, under a key that the secret has. */
    @ParameterizedTest
    @FieldSource("OVERLAYS")
    void filesNamedInArgumentsAreMounted(String overlay) throws IOException {
        Stream<JsonNode> maps = Manifests.rendered(overlay).all().stream()
                .filter(it -> it.path("kind").asText().equals("ConfigMap"));
        Set<String> keys = Stream.concat(secrets.all().stream(), maps).flatMap(it -> it.path("data").properties().stream())
                .map(it -> it.getKey()).collect(Collectors.toSet());
        for (JsonNode workload : Manifests.rendered(overlay).workloads()) {
            JsonNode container = Manifests.containers(workload).getFirst();
            Set<String> mounts = Manifests.each(container.path("volumeMounts")).map(it -> it.path("mountPath").asText())
                    .collect(Collectors.toSet());
            for (JsonNode argument : container.path("args")) {
                if (argument.asText().startsWith("/run/")) {
                    Path file = Path.of(argument.asText());
                    assertTrue(mounts.contains(file.getParent().toString()), file.toString());
                    assertTrue(keys.contains(file.getFileName().toString()), file.toString());
                } else if (argument.asText().startsWith("/")) {
                    assertTrue(mounts.stream().anyMatch(it -> argument.asText().startsWith(it)), argument.asText());
                }
            }
        }
    }

    @ParameterizedTest
    @FieldSource("OVERLAYS")
    void addressesAreThoseOfServicesAndInTheCertificate(String overlay) throws IOException {
        Manifests manifests = Manifests.rendered(overlay);
        List<String> asked = new ArrayList<>();
        for (JsonNode workload : manifests.workloads()) {
            Set<String> aliases = new TreeSet<>();
            Manifests.pod(workload).path("hostAliases").forEach(it -> it.path("hostnames").forEach(n -> aliases.add(n.asText())));
            for (JsonNode argument : Manifests.containers(workload).getFirst().path("args")) {
                String text = argument.asText().replace("$(POD_NAME)", "worker-7");
                if (ADDRESS.matcher(text).matches()) {
                    URI address = URI.create(text);
                    asked.add(address.getHost());
                    assertInCertificate(address.getHost());
                    String[] labels = address.getHost().split("\\.");
                    assertTrue(aliases.contains(address.getHost())
                            || servicePort(manifests, labels[labels.length - 3], address.getPort()), text);
                }
            }
            for (JsonNode host : workload.findValues("httpHeaders")) {
                assertInCertificate(host.at("/0/value").asText());
            }
        }
        assertFalse(asked.isEmpty());
    }

    private static boolean servicePort(Manifests manifests, String service, int port) {
        return manifests.ofKind("Service").anyMatch(it -> Manifests.name(it).equals(service)
                && Manifests.each(it.at("/spec/ports")).anyMatch(p -> p.path("port").asInt() == port));
    }

    private static void assertInCertificate(String host) {
        String wild = "*" + host.substring(host.indexOf('.'));
        assertTrue(names.contains("DNSName: " + host) || names.contains("DNSName: " + wild), host + " is not in " + names);
    }

    @ParameterizedTest
    @FieldSource("OVERLAYS")
    void whatSelectsPodsAndPortsFindsSome(String overlay) throws IOException {
        Manifests manifests = Manifests.rendered(overlay);
        for (JsonNode manifest : manifests.all()) {
            String kind = manifest.path("kind").asText();
            JsonNode labels = switch (kind) {
                case "Service" -> manifest.at("/spec/selector");
                case "NetworkPolicy" -> manifest.at("/spec/podSelector/matchLabels");
                default -> manifest.at("/spec/selector/matchLabels");
            };
            List<JsonNode> selected = manifests.workloads().stream().filter(it -> carries(it, labels)).toList();
            assertFalse(labels.isObject() && selected.isEmpty(), Manifests.name(manifest));
            if (!overlay.equals("podman")) {
                ports(manifest).forEach(port -> assertTrue(selected.stream().anyMatch(it -> offers(it, port)),
                        kind + " " + Manifests.name(manifest) + ": port " + port));
            }
        }
        manifests.ofKind("StatefulSet").forEach(it ->
                assertTrue(manifests.has("Service", it.at("/spec/serviceName").asText())));
        manifests.ofKind("HorizontalPodAutoscaler").forEach(it -> {
            JsonNode target = it.at("/spec/scaleTargetRef");
            assertTrue(manifests.has(target.path("kind").asText(), target.path("name").asText()), target.toString());
            Manifests.each(it.at("/spec/metrics")).map(m -> m.at("/object/describedObject")).filter(JsonNode::isObject)
                    .forEach(o -> assertTrue(manifests.has(o.path("kind").asText(), o.path("name").asText()), o.toString()));
        });
    }

    private static boolean carries(JsonNode workload, JsonNode labels) {
        JsonNode own = workload.at("/spec/template/metadata/labels");
        return labels.isObject() && labels.properties().stream().allMatch(it -> it.getValue().equals(own.path(it.getKey())));
    }

    /** Names of ports that a manifest refers to. */
    private static List<String> ports(JsonNode manifest) {
        List<String> ports = new ArrayList<>();
        Manifests.each(manifest.at("/spec/ports")).forEach(it -> ports.add(it.path("targetPort").asText()));
        Manifests.each(manifest.at("/spec/ingress")).flatMap(it -> Manifests.each(it.path("ports")))
                .forEach(it -> ports.add(it.path("port").asText()));
        manifest.findValues("httpGet").forEach(it -> ports.add(it.path("port").asText()));
        return ports;
    }

    private static boolean offers(JsonNode workload, String port) {
        return Manifests.each(Manifests.containers(workload).getFirst().path("ports"))
                .anyMatch(it -> it.path("name").asText().equals(port));
    }
}
