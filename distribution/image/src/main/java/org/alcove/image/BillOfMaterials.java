package org.alcove.image;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/** What is in the image, in CycloneDX: the bill of the distribution, and what the image adds to it. */
final class BillOfMaterials {

    /** In the distribution as in the image. */
    static final String NAME = "sbom.cdx.json";

    private static final ObjectMapper JSON = new ObjectMapper();

    private BillOfMaterials() {
    }

    /**
     * Writes it.
     *
     * @param home the distribution, with its own bill
     * @param packages of Debian
     * @throws ImageException if there is no bill, or a jar that it does not list with its SHA-256
     */
    static void write(Path home, List<DebianPackage> packages, Path to) throws IOException, ImageException {
        Path distribution = home.resolve(NAME);
        if (!(JSON.readTree(distribution.toFile()) instanceof ObjectNode bill)
                || !bill.path("bomFormat").asText().equals("CycloneDX")) {
            throw new ImageException(distribution + " is no bill of materials in CycloneDX; build Alcove again: ./alcove build");
        }
        ArrayNode components = bill.withArray("/components");
        requireAll(home, components);
        for (DebianPackage it : packages) {
            ObjectNode component = components.addObject();
            component.put("type", "library").put("bom-ref", it.purl()).put("name", it.name()).put("version", it.version());
            component.putArray("hashes").addObject().put("alg", "SHA-256").put("content", it.sha256());
            component.put("purl", it.purl());
        }
        Runtime.Version version = Runtime.version();
        String java = version.toString();
        components.addObject().put("type", "platform").put("bom-ref", "java-runtime").put("name", "OpenJDK")
                .put("version", java).put("publisher", System.getProperty("java.vendor"))
                .put("description", "modules " + String.join(", ", JavaRuntime.MODULES));
        JSON.writerWithDefaultPrettyPrinter().writeValue(to.toFile(), bill);
    }

    /** What was put into the distribution by hand, or is older than its bill, is not to be in an image whose bill lacks it. */
    private static void requireAll(Path home, ArrayNode components) throws IOException, ImageException {
        Set<String> listed = new HashSet<>();
        components.findValues("hashes").forEach(hashes -> hashes.forEach(hash -> listed.add(hash.path("content").asText())));
        List<Path> jars;
        try (Stream<Path> files = Files.walk(home)) {
            // The launcher is what the whole bill is of.
            jars = files.filter(file -> file.toString().endsWith(".jar") && !file.endsWith("lib/launcher.jar")).sorted().toList();
        }
        for (Path jar : jars) {
            String digest = DebianArchive.sha256(jar);
            if (!listed.contains(digest)) {
                throw new ImageException(jar + " has the SHA-256 " + digest + ", which is none of the " + listed.size()
                        + " digests in " + home.resolve(NAME) + "; build Alcove again, ./alcove build, and leave out what is no"
                        + " part of it");
            }
        }
    }
}
