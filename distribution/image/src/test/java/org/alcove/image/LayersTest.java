package org.alcove.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.cloud.tools.jib.api.buildplan.FileEntriesLayer;
import com.google.cloud.tools.jib.api.buildplan.FileEntry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class LayersTest {

    @TempDir
    Path folder;
    Path home;
    Path bill;

    @BeforeEach
    void distribution() throws IOException {
        home = folder.resolve("home");
        for (String name : List.of("alcove", ".built", "lib/alcove.aot", "lib/java.flags", "lib/launcher.jar",
                "lib/slf4j-api.jar", "models/demo.gguf", "plugins/z.jar", "plugins/a.jar", "system/01/shell.jar",
                "system/10/jackson.jar", "system/20/core.jar", "conf/core.config")) {
            Path file = home.resolve(name);
            Files.createDirectories(file.getParent());
            Files.writeString(file, name);
        }
        bill = Files.writeString(folder.resolve("sbom.cdx.json"), "{}");
    }

    private static List<String> names(FileEntriesLayer layer) {
        return layer.getEntries().stream().map(entry -> entry.getExtractionPath().toString()).toList();
    }

    @Test
    void neitherModelsNorTheCacheNorTheScriptAreInTheImage() throws IOException {
        List<FileEntriesLayer> layers = Layers.alcove(home, bill);
        assertEquals(List.of("/opt/alcove/lib/slf4j-api.jar", "/opt/alcove/system/10/jackson.jar"), names(layers.get(0)));
        assertEquals(List.of("/opt/alcove/conf/core.config", "/opt/alcove/lib/java.flags", "/opt/alcove/lib/launcher.jar",
                "/opt/alcove/plugins/a.jar", "/opt/alcove/plugins/z.jar", "/opt/alcove/system/01/shell.jar",
                "/opt/alcove/system/20/core.jar", "/opt/alcove/sbom.cdx.json"), names(layers.get(1)));
    }

    @Test
    void everyFileIsOfOneTimeAndOfRoot() throws IOException {
        for (FileEntriesLayer layer : Layers.alcove(home, bill)) {
            for (FileEntry entry : layer.getEntries()) {
                assertEquals(Instant.EPOCH, entry.getModificationTime());
                assertEquals("", entry.getOwnership());
                assertEquals("644", entry.getPermissions().toOctalString());
            }
        }
    }

    /** The server's own user may write where it keeps its data, and nowhere else. */
    @Test
    void onlyTheDataIsTheServersOwn() throws IOException {
        Path root = folder.resolve("root");
        for (String name : List.of("lib64/ld-linux-x86-64.so.2", "usr/lib/os-release", "etc/debian_version",
                "var/lib/dpkg/status.d/libc6")) {
            Files.createDirectories(root.resolve(name).getParent());
            Files.writeString(root.resolve(name), name);
        }
        for (String name : List.of("libc.so.6", "libm.so.6", "libdl.so.2", "libpthread.so.0", "librt.so.1", "libresolv.so.2",
                "libnss_dns.so.2", "libnss_files.so.2", "libgcc_s.so.1")) {
            Files.createDirectories(root.resolve("lib/x86_64-linux-gnu"));
            Files.writeString(root.resolve("lib/x86_64-linux-gnu").resolve(name), name);
        }
        FileEntriesLayer layer = Layers.debian(root, folder.resolve("made"));
        assertEquals(List.of("/data"), layer.getEntries().stream().filter(entry -> !entry.getOwnership().isEmpty())
                .map(entry -> entry.getExtractionPath().toString()).toList());
        assertTrue(names(layer).stream().noneMatch(name -> name.contains("bin/")), names(layer).toString());
    }

    @Test
    void theFlagsAreTheOnesOfTheScript() {
        List<String> entryPoint = ImageBuild.entryPoint();
        assertTrue(entryPoint.contains("@/opt/alcove/lib/java.flags"), entryPoint.toString());
        assertTrue(entryPoint.stream().noneMatch(flag -> flag.startsWith("-XX")), entryPoint.toString());
    }
}
