package org.alcove.distribution;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.osgi.framework.Constants;

/**
 * Who may know whom. The golden file {@code wiring.txt} lists, for each bundle of the distribution, the Alcove packages it
 * imports and exports; a change of it is a change of the architecture, so think before you regenerate it with
 * {@code cp distribution/target/wiring.txt distribution/src/test/resources/wiring.txt}.
 */
class WiringIT {

    @Test
    void bundlesImportAndExportWhatTheArchitectureSays() throws IOException {
        var lines = new TreeMap<String, String>();
        for (Path jar : jars()) {
            try (JarFile file = new JarFile(jar.toFile())) {
                Manifest manifest = file.getManifest();
                String name = manifest.getMainAttributes().getValue(Constants.BUNDLE_SYMBOLICNAME);
                lines.put(name, name + "\n" + packages(manifest, Constants.IMPORT_PACKAGE, "  imports ")
                        + packages(manifest, Constants.EXPORT_PACKAGE, "  exports "));
            }
        }
        String actual = String.join("", lines.values());
        Files.writeString(Path.of("target", "wiring.txt"), actual);
        assertEquals(golden(), actual);
    }

    private static List<Path> jars() throws IOException {
        try (Stream<Path> files = Files.walk(Distribution.home())) {
            return files.filter(file -> file.toString().endsWith(".jar") && !file.startsWith(Distribution.home().resolve("lib")))
                    .filter(WiringIT::alcove).toList();
        }
    }

    private static boolean alcove(Path jar) {
        try (JarFile file = new JarFile(jar.toFile())) {
            String name = file.getManifest().getMainAttributes().getValue(Constants.BUNDLE_SYMBOLICNAME);
            return name != null && name.startsWith("org.alcove.");
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String packages(Manifest manifest, String header, String prefix) {
        String value = manifest.getMainAttributes().getValue(header);
        var names = new TreeSet<String>();
        if (value != null) {
            for (String clause : value.split(",(?=(?:[^\"]*\"[^\"]*\")*[^\"]*$)")) {
                String name = clause.split(";")[0].strip();
                if (name.startsWith("org.alcove.")) {
                    names.add(prefix + name + "\n");
                }
            }
        }
        return String.join("", names);
    }

    private static String golden() throws IOException {
        try (var in = WiringIT.class.getResourceAsStream("/wiring.txt")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
