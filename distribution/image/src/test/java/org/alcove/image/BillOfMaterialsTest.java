package org.alcove.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BillOfMaterialsTest {

    private static final List<DebianPackage> PACKAGES = List.of(new DebianPackage("libc6", "2.36-9+deb12u14", "0".repeat(64)));

    @TempDir
    Path folder;

    @Test
    void whatTheImageAddsStandsBehindWhatTheDistributionHas() throws IOException, ImageException {
        Path bill = Files.writeString(folder.resolve("in"), "{\"bomFormat\":\"CycloneDX\",\"components\":[{\"name\":\"core\"}]}");
        Path out = folder.resolve("out");
        BillOfMaterials.write(bill, PACKAGES, out);
        JsonNode components = new ObjectMapper().readTree(out.toFile()).path("components");
        assertEquals(List.of("core", "libc6", "OpenJDK"), components.findValuesAsText("name"));
        assertEquals("pkg:deb/debian/libc6@2.36-9%2Bdeb12u14?arch=amd64&distro=debian-12",
                components.get(1).path("purl").asText());
    }

    @Test
    void anythingElseIsRefused() throws IOException {
        Path bill = Files.writeString(folder.resolve("in"), "{\"components\":[]}");
        assertThrows(ImageException.class, () -> BillOfMaterials.write(bill, PACKAGES, folder.resolve("out")));
    }
}
