package org.alcove.image;

import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MappingIterator;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.yaml.YAMLFactory;
import com.google.gson.JsonElement;
import com.google.gson.JsonParser;
import io.kubernetes.client.openapi.models.V1ConfigMap;
import io.kubernetes.client.openapi.models.V1Deployment;
import io.kubernetes.client.openapi.models.V1Namespace;
import io.kubernetes.client.openapi.models.V1NetworkPolicy;
import io.kubernetes.client.openapi.models.V1PersistentVolumeClaim;
import io.kubernetes.client.openapi.models.V1PodDisruptionBudget;
import io.kubernetes.client.openapi.models.V1Secret;
import io.kubernetes.client.openapi.models.V1Service;
import io.kubernetes.client.openapi.models.V1StatefulSet;
import io.kubernetes.client.openapi.models.V2HorizontalPodAutoscaler;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/**
 * Manifests as they are given to Kubernetes.
 *
 * @param all in the order of the file
 */
record Manifests(List<JsonNode> all) {

    static final Path FOLDER = Path.of("..", "kubernetes");
    static final List<String> OVERLAYS = List.of("base", "dev", "podman", "tdx", "tdx-sealed");

    private static final ObjectMapper YAML = new ObjectMapper(
            YAMLFactory.builder().enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build());

    /** Checks that a manifest of one kind has only fields of that kind, of the right types; throws where not. */
    private interface Model {
        void check(JsonElement manifest) throws IOException;
    }

    private static final Map<String, Model> MODELS = Map.of("v1/Namespace", V1Namespace::validateJsonElement,
            "v1/ConfigMap", V1ConfigMap::validateJsonElement,
            "v1/PersistentVolumeClaim", V1PersistentVolumeClaim::validateJsonElement,
            "v1/Service", V1Service::validateJsonElement, "v1/Secret", V1Secret::validateJsonElement,
            "apps/v1/Deployment", V1Deployment::validateJsonElement, "apps/v1/StatefulSet", V1StatefulSet::validateJsonElement,
            "policy/v1/PodDisruptionBudget", V1PodDisruptionBudget::validateJsonElement,
            "autoscaling/v2/HorizontalPodAutoscaler", V2HorizontalPodAutoscaler::validateJsonElement,
            "networking.k8s.io/v1/NetworkPolicy", V1NetworkPolicy::validateJsonElement);

    static Manifests rendered(String overlay) throws IOException {
        return read(FOLDER.resolve("rendered").resolve(overlay + ".yaml"));
    }

    static Manifests read(Path file) throws IOException {
        try (MappingIterator<JsonNode> documents = YAML.readerFor(JsonNode.class).readValues(file.toFile())) {
            return new Manifests(documents.readAll());
        }
    }

    /** Checks one against what Kubernetes knows of its kind. */
    static void validate(JsonNode manifest) throws IOException {
        String kind = manifest.path("apiVersion").asText() + "/" + manifest.path("kind").asText();
        Model model = MODELS.get(kind);
        if (model == null) {
            throw new IllegalArgumentException("there is no model for " + kind + "; add it to the test");
        }
        model.check(JsonParser.parseString(manifest.toString()));
    }

    Stream<JsonNode> ofKind(String kind) {
        return all.stream().filter(it -> it.path("kind").asText().equals(kind));
    }

    boolean has(String kind, String name) {
        return ofKind(kind).anyMatch(it -> name(it).equals(name));
    }

    /** What runs pods. */
    List<JsonNode> workloads() {
        return Stream.concat(ofKind("Deployment"), ofKind("StatefulSet")).toList();
    }

    static JsonNode pod(JsonNode workload) {
        return workload.at("/spec/template/spec");
    }

    static List<JsonNode> containers(JsonNode workload) {
        return each(pod(workload).path("containers")).toList();
    }

    static String name(JsonNode manifest) {
        return manifest.at("/metadata/name").asText();
    }

    /** The elements of an array; none where there is no array. */
    static Stream<JsonNode> each(JsonNode array) {
        return StreamSupport.stream(array.spliterator(), false);
    }
}
