package org.alcove.image;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;

/** What is in the image, in CycloneDX: the bill of the distribution, and what the image adds to it. */
final class BillOfMaterials {

    private static final ObjectMapper JSON = new ObjectMapper();

    private BillOfMaterials() {
    }

    /**
     * Writes it.
     *
     * @param distribution the distribution's own bill
     * @param packages of Debian
     */
    static void write(Path distribution, List<DebianPackage> packages, Path to) throws IOException, ImageException {
        if (!(JSON.readTree(distribution.toFile()) instanceof ObjectNode bill)
                || !bill.path("bomFormat").asText().equals("CycloneDX")) {
            throw new ImageException(distribution + " is no bill of materials in CycloneDX; build Alcove again: ./alcove build");
        }
        ArrayNode components = bill.withArray("/components");
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
}
