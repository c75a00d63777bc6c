package org.alcove.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PluginFilesTest {

    @TempDir
    Path home;

    private Path jar(String... headers) throws IOException {
        Manifest manifest = new Manifest(new ByteArrayInputStream(("Manifest-Version: 1.0\n" + String.join("\n", headers) + "\n")
                .getBytes()));
        Path file = Files.createTempFile(home, "x", ".jar");
        try (OutputStream out = Files.newOutputStream(file); JarOutputStream jar = new JarOutputStream(out, manifest)) {
            jar.finish();
        }
        return file;
    }

    private PluginFiles files() throws IOException {
        return new PluginFiles(Files.createDirectories(home.resolve("plugins")), home.resolve("data/plugins"));
    }

    @Test
    void aBundleTellsItsNameAndVersion() throws IOException {
        PluginFiles.Description description = PluginFiles.describe(jar("Bundle-ManifestVersion: 2",
                "Bundle-SymbolicName: org.example.k;singleton:=true", "Bundle-Version: 1.2.3.q"));
        assertEquals("org.example.k", description.id());
        assertEquals("1.2.3.q", description.version().toString());
    }

    @Test
    void whatIsNoBundleIsRefusedWithTheReason() throws IOException {
        Path text = Files.writeString(home.resolve("text"), "not a jar");
        for (Path file : List.of(text, jar(), jar("Bundle-SymbolicName: a"), jar("Bundle-ManifestVersion: 2"),
                jar("Bundle-ManifestVersion: 2", "Bundle-SymbolicName: ../evil"),
                jar("Bundle-ManifestVersion: 2", "Bundle-SymbolicName: <b>a</b>"),
                jar("Bundle-ManifestVersion: 2", "Bundle-SymbolicName: a", "Fragment-Host: system.bundle"),
                jar("Bundle-ManifestVersion: 2", "Bundle-SymbolicName: a", "Bundle-Version: x"))) {
            AdminException refused = assertThrows(AdminException.class, () -> PluginFiles.describe(file), file.toString());
            assertEquals("not_a_bundle", refused.code());
        }
    }

    @Test
    void aJarThatIsTooLargeLeavesNothingBehind() throws IOException {
        InputStream endless = new InputStream() {
            @Override
            public int read() {
                return 0;
            }

            @Override
            public int read(byte[] target, int from, int length) {
                return length;
            }
        };
        assertEquals("too_large", assertThrows(AdminException.class, () -> files().receive(endless)).code());
        try (Stream<Path> left = Files.list(home.resolve("data/plugins"))) {
            assertEquals(0, left.count());
        }
    }

    @Test
    void oneJarBeforeIsKeptAndFoundAgainUnderItsName() throws IOException {
        PluginFiles files = files();
        assertEquals(Optional.empty(), files.previous("a.b"));
        assertEquals(Optional.empty(), files.previous("../plugins"));
        files.keep("a.b", jar("Bundle-SymbolicName: one"), "k.jar");
        files.keep("a.b", jar("Bundle-SymbolicName: two"), "other.jar");
        assertEquals("other.jar", files.previous("a.b").orElseThrow().getFileName().toString());
        assertEquals(1, files.allKept().size());
        files.forget("a.b");
        assertEquals(List.of(), files.allKept());
    }

    @Test
    void aJarThatIsPlacedLeavesNoPartOfIt() throws IOException {
        Path jar = jar("Bundle-SymbolicName: one");
        Path target = home.resolve("plugins/k.jar");
        files().place(jar, target);
        assertTrue(Files.exists(target) && !Files.exists(jar));
        try (Stream<Path> left = Files.list(home.resolve("plugins"))) {
            assertEquals(1, left.count());
        }
    }

    @Test
    void whatIsPlacedKeptOrRemovedIsOnTheDiskBeforeItIsTold() throws IOException {
        Path plugins = Files.createDirectories(home.resolve("plugins"));
        Path kept = home.resolve("data/plugins");
        List<String> forced = new ArrayList<>();
        PluginFiles files = new PluginFiles(plugins, kept, path -> forced.add(home.relativize(path) + (Files.isDirectory(path)
                ? " " + names(path) : "")));
        Path jar = Files.move(jar("Bundle-SymbolicName: one"), home.resolve("new.jar"));
        Path target = plugins.resolve("k.jar");
        files.place(jar, target);
        assertEquals(List.of("new.jar", "plugins [k.jar]"), forced);
        forced.clear();
        files.keep("a.b", target, "k.jar");
        assertEquals(List.of("data/plugins/a.b/k.jar.part", "data/plugins/a.b [k.jar]", "data/plugins [a.b]"), forced);
        forced.clear();
        files.remove(target);
        assertEquals(List.of("plugins []"), forced);
    }

    private static List<String> names(Path folder) throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).toList();
        }
    }

    @Test
    void whatAnEndInTheMiddleOfAnUploadLeftIsSweptAndNothingElse() throws IOException {
        PluginFiles files = files();
        files.sweep();
        files.keep("a.b", jar("Bundle-SymbolicName: one"), "k.jar");
        Path upload = files.scratch();
        Path part = Files.writeString(home.resolve("data/plugins/a.b/k.jar.part"), "PK");
        Path incoming = Files.createDirectories(home.resolve("plugins/.incoming")).resolve("k.jar");
        Files.writeString(incoming, "PK");
        Path plugin = Files.writeString(home.resolve("plugins/other.jar"), "PK");
        files.sweep();
        assertTrue(Files.notExists(upload) && Files.notExists(part) && Files.notExists(incoming));
        assertTrue(Files.exists(plugin) && files.previous("a.b").isPresent());
    }

    @Test
    void theImpactFollowsFromWhoElseCouldDoIt() {
        List<String> none = List.of();
        List<String> users = List.of("m");
        assertEquals("none", severity(PluginCatalogue.Kind.KERNEL, Optional.empty(), none));
        assertEquals("pauses", severity(PluginCatalogue.Kind.KERNEL, Optional.empty(), users));
        assertEquals("slower", severity(PluginCatalogue.Kind.KERNEL, Optional.of("other"), users));
        assertEquals("refuses", severity(PluginCatalogue.Kind.POLICY, Optional.empty(), users));
        assertEquals("refuses", severity(PluginCatalogue.Kind.TEMPLATE, Optional.empty(), users));
        assertEquals("refuses", severity(PluginCatalogue.Kind.FRONTEND, Optional.empty(), none));
        assertEquals("unguarded", severity(PluginCatalogue.Kind.GUARD, Optional.empty(), users));
        assertEquals("refuses", severity(PluginCatalogue.Kind.GUARD, Optional.empty(), users, "x"));
        assertEquals("none", severity(PluginCatalogue.Kind.GUARD, Optional.of("other"), users, "x"));
    }

    private static String severity(PluginCatalogue.Kind kind, Optional<String> instead, List<String> users,
            String... required) {
        return Impact.of(List.of(new PluginCatalogue.Offer(kind, "x", "vector", true, instead, users),
                new PluginCatalogue.Offer(kind, "x", "reference", false, instead, users)), List.of(required))
                .getFirst().severity();
    }
}
