package org.alcove.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Base64;
import java.util.List;
import java.util.zip.GZIPInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

/** What makes pods confidential guests: what they are told at their birth, what may run in them, and where keys come from. */
class ConfidentialManifestsTest {

    static final List<String> OVERLAYS = Manifests.OVERLAYS.stream().filter(overlay -> overlay.startsWith("tdx")).toList();
    private static final String HYPERVISOR = "io.katacontainers.config.hypervisor.";
    private static final String INIT_DATA = HYPERVISOR + "cc_init_data";

    private static JsonNode worker(String overlay) throws IOException {
        return Manifests.rendered(overlay).workloads().stream().filter(workload -> Manifests.name(workload).equals("worker"))
                .findFirst().orElseThrow();
    }

    private static List<String> workerArguments(String overlay) throws IOException {
        return arguments(worker(overlay));
    }

    private static List<String> arguments(JsonNode workload) {
        return Manifests.each(Manifests.containers(workload).getFirst().path("args")).map(JsonNode::asText).toList();
    }

    private static String unpacked(String annotation) throws IOException {
        try (GZIPInputStream in = new GZIPInputStream(new ByteArrayInputStream(Base64.getDecoder().decode(annotation)))) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @ParameterizedTest
    @FieldSource("OVERLAYS")
    void everyConfidentialPodIsBornWithTheDataThatIsInTheTree(String overlay) throws IOException {
        byte[] toml = Files.readAllBytes(Manifests.FOLDER.resolve("tdx/initdata.toml"));
        List<JsonNode> workloads = Manifests.rendered(overlay).workloads();
        assertEquals(3, workloads.size());
        for (JsonNode workload : workloads) {
            assertEquals("kata-qemu-tdx", Manifests.pod(workload).path("runtimeClassName").asText());
            String annotation = workload.at("/spec/template/metadata/annotations").path(INIT_DATA).asText();
            assertEquals(new String(toml, StandardCharsets.UTF_8), unpacked(annotation), "run make-initdata.sh, then render.sh");
        }
    }

    /** Whoever may change the sealed policy decides what runs: so the guest's policy, which is measured, knows its digest. */
    @ParameterizedTest
    @FieldSource("OVERLAYS")
    void theGuestPolicyHoldsTheDigestOfTheSealedPolicyThatEveryRoleIsGiven(String overlay) throws IOException, ImageException {
        String digest = DebianArchive.sha256(Manifests.FOLDER.resolve("tdx/sealed.policy"));
        String toml = Files.readString(Manifests.FOLDER.resolve("tdx/initdata.toml"));
        assertTrue(toml.contains("sealed_policy := \"" + digest + "\""), "run make-initdata.sh, then render.sh");
        for (JsonNode workload : Manifests.rendered(overlay).workloads()) {
            List<String> words = arguments(workload);
            assertEquals(digest, words.get(words.indexOf("--sealed-sha256") + 1), words.toString());
            assertEquals("/run/alcove/sealed/sealed.policy", words.get(words.indexOf("--sealed") + 1));
            assertEquals("/data", words.get(words.indexOf("--data") + 1));
        }
    }

    /** The guest's policy admits the image's own program only; it is the one that the image has. */
    @Test
    void theGuestPolicyKnowsTheProgramOfTheImage() throws IOException {
        String toml = Files.readString(Manifests.FOLDER.resolve("tdx/initdata.toml"));
        List<String> words = ImageBuild.entryPoint();
        String rule = "array.slice(input.OCI.Process.Args, 0, " + words.size() + ") == [ \""
                + String.join("\", \"", words) + "\", ]";
        assertTrue(toml.replaceAll("\\s+", " ").contains(rule), rule);
        String role = "args[" + words.size() + "] in [\"worker\", \"controller\", \"api\"]";
        assertTrue(toml.contains(role), role + ": the role is the word behind the program");
        assertTrue(toml.contains("image_security_policy_uri = \"kbs:///"), "images are checked before they are unpacked");
    }

    /** A server refuses a policy without a bundle by name; so whoever forgets to fill it is told so. */
    @ParameterizedTest
    @FieldSource("OVERLAYS")
    void thePolicyInTheTreeIsThePlaceholderAndSaysHowItIsFilled(String overlay) throws IOException {
        String policy = Manifests.rendered(overlay).ofKind("ConfigMap").filter(it -> Manifests.name(it).equals("sealed-policy"))
                .findFirst().orElseThrow().at("/data/sealed.policy").asText();
        assertEquals(Files.readString(Manifests.FOLDER.resolve("tdx/sealed.policy")), policy);
        assertTrue(policy.lines().noneMatch(line -> line.matches("(bundle|plugin|signer) .*")), policy);
        assertTrue(policy.contains("./alcove digest > distribution/kubernetes/tdx/sealed.policy"), policy);
    }

    @Test
    void theScriptPutsTheDigestOfAFilledPolicyWhereItIsNamed(@TempDir Path folder)
            throws IOException, ImageException, InterruptedException {
        Tool.run(Manifests.FOLDER, List.of("cp", "-r", "tdx", folder.toString()));
        Path filled = Files.writeString(folder.resolve("tdx/sealed.policy"),
                "alcove sealed policy 1\nbundle some.bundle 1.0.0 sha256:" + "ab".repeat(32) + "\n");
        String said = Tool.run(folder, List.of("bash", "tdx/make-initdata.sh"));
        String digest = DebianArchive.sha256(filled);
        String toml = Files.readString(folder.resolve("tdx/initdata.toml"));
        assertTrue(toml.contains("\nsealed_policy := \"" + digest + "\"\n"), toml);
        String sources = Files.readString(folder.resolve("tdx/kustomization.yaml"));
        assertTrue(sources.matches("(?s).*value: --sealed-sha256}\n[^\n]*, value: " + digest + "}\n.*"), sources);
        String annotation = Files.readAllLines(folder.resolve("tdx/initdata.yaml")).getLast().strip();
        assertEquals(toml, unpacked(annotation.substring(annotation.indexOf(' ') + 1)));
        assertTrue(said.matches("(?s).*mr_config_id: [0-9a-f]{96}\\s*"), said);
        assertFalse(said.contains("placeholder"), said);
        Files.copy(Manifests.FOLDER.resolve("tdx/sealed.policy"), filled, StandardCopyOption.REPLACE_EXISTING);
        assertTrue(Tool.run(folder, List.of("bash", "tdx/make-initdata.sh")).contains("is a placeholder"));
    }

    @Test
    void workersOfASealedModelFetchItsKeyFromTheDataHubOfTheirGuest() throws IOException {
        List<String> words = workerArguments("tdx-sealed");
        assertEquals("/models/model.sealed", words.get(words.indexOf("--model") + 1));
        assertEquals("cdh:default/alcove/model-key", words.get(words.indexOf("--model-key") + 1));
        String kernel = worker("tdx-sealed").at("/spec/template/metadata/annotations").path(HYPERVISOR + "kernel_params")
                .asText();
        assertTrue(kernel.matches(".*agent\\.guest_components_rest_api=(all|resource).*"), kernel);
        assertFalse(workerArguments("tdx").contains("--model-key"));
    }
}
