package org.alcove.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

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
        bill("{\"bomFormat\":\"CycloneDX\",\"components\":[{\"name\":\"core\"}]}");
        Path out = folder.resolve("out");
        BillOfMaterials.write(folder, PACKAGES, out);
        JsonNode components = new ObjectMapper().readTree(out.toFile()).path("components");
        assertEquals(List.of("core", "libc6", "OpenJDK"), components.findValuesAsText("name"));
        assertEquals("pkg:deb/debian/libc6@2.36-9%2Bdeb12u14?arch=amd64&distro=debian-12",
                components.get(1).path("purl").asText());
    }

    private void bill(String content) throws IOException {
        Files.writeString(folder.resolve("sbom.cdx.json"), content);
    }

    @Test
    void aJarThatTheBillDoesNotListIsNotPutIntoAnImage() throws IOException, ImageException {
        Path jar = Files.createDirectories(folder.resolve("system/20")).resolve("core.jar");
        Files.writeString(jar, "classes");
        Files.writeString(Files.createDirectories(folder.resolve("lib")).resolve("launcher.jar"), "of which the bill is");
        bill("{\"bomFormat\":\"CycloneDX\",\"components\":[{\"name\":\"core\",\"hashes\":[{\"alg\":\"SHA-256\",\"content\":\""
                + DebianArchive.sha256(jar) + "\"}]}]}");
        BillOfMaterials.write(folder, PACKAGES, folder.resolve("out"));
        Files.writeString(jar, "other classes");
        String message = assertThrows(ImageException.class,
                () -> BillOfMaterials.write(folder, PACKAGES, folder.resolve("out"))).getMessage();
        assertTrue(message.contains("core.jar has the SHA-256 " + DebianArchive.sha256(jar)), message);
    }

    @Test
    void anythingElseIsRefused() throws IOException {
        bill("{\"components\":[]}");
        assertThrows(ImageException.class, () -> BillOfMaterials.write(folder, PACKAGES, folder.resolve("out")));
    }
}
