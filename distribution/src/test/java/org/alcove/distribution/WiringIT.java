package org.alcove.distribution;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.osgi.framework.Constants;

/**
 * Who may know whom. The golden file {@code wiring.txt} lists, for each bundle of the distribution, the Alcove packages it
 * imports and exports; a change of it is a change of the architecture, so think before you regenerate it with
 * {@code cp distribution/target/wiring.txt distribution/src/test/resources/wiring.txt}.
 */
class WiringIT {

    private static final Set<String> NOT_BUILT_IN = Set.of("lib/launcher.jar", "system/20/chat.jar", "system/20/console.jar",
            "system/30/org.apache.felix.gogo.command.jar", "system/30/org.apache.felix.inventory.jar",
            "system/30/org.apache.felix.webconsole.jar", "system/30/org.apache.felix.webconsole.plugins.ds.jar");

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

    @Test
    void theClassPathOfTheLauncherNamesTheBundlesThatAnswersWaitForAndNothingThatIsNotThere() throws IOException {
        var expected = new TreeSet<String>();
        try (Stream<Path> files = Files.walk(Distribution.home())) {
            files.map(file -> Distribution.home().relativize(file).toString()).filter(WiringIT::isBuiltIn).forEach(expected::add);
        }
        assertEquals(expected, new TreeSet<>(classPath()));
    }

    /** Classes of the JVM's loader see those of that loader alone: they cannot use what a bundle with another one exports. */
    @Test
    void noBundleOfTheClassPathImportsWhatOnlyOthersExport() throws IOException {
        var exported = new TreeSet<String>();
        var elsewhere = new TreeSet<String>();
        List<String> builtIn = classPath();
        try (Stream<Path> files = Files.walk(Distribution.home())) {
            for (Path jar : files.filter(file -> file.toString().endsWith(".jar")).toList()) {
                boolean here = builtIn.contains(Distribution.home().relativize(jar).toString());
                (here ? exported : elsewhere).addAll(names(jar, Constants.EXPORT_PACKAGE));
            }
        }
        elsewhere.removeAll(exported);
        for (String jar : builtIn) {
            var wanted = names(Distribution.home().resolve(jar), Constants.IMPORT_PACKAGE);
            wanted.retainAll(elsewhere);
            assertEquals(Set.of(), wanted, jar);
        }
    }

    /** Libraries of the launcher, and all bundles but front ends and those that no answer waits for and nobody else needs. */
    private static boolean isBuiltIn(String file) {
        return file.endsWith(".jar") && (file.startsWith("lib/") || file.startsWith("system/")) && !NOT_BUILT_IN.contains(file);
    }

    /** The jars of the launcher's class path, relative to the distribution. */
    private static List<String> classPath() throws IOException {
        try (JarFile launcher = new JarFile(Distribution.home().resolve("lib/launcher.jar").toFile())) {
            String names = launcher.getManifest().getMainAttributes().getValue(Attributes.Name.CLASS_PATH);
            return Stream.of(names.split(" ")).map(name -> Path.of("lib").resolve(name).normalize().toString()).toList();
        }
    }

    private static TreeSet<String> names(Path jar, String header) throws IOException {
        try (JarFile file = new JarFile(jar.toFile())) {
            return names(file.getManifest(), header);
        }
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
        return names(manifest, header).stream().filter(name -> name.startsWith("org.alcove.")).map(name -> prefix + name + "\n")
                .collect(Collectors.joining());
    }

    /** The packages that a header of a manifest names. */
    private static TreeSet<String> names(Manifest manifest, String header) {
        String value = manifest.getMainAttributes().getValue(header);
        var names = new TreeSet<String>();
        if (value != null) {
            for (String clause : value.split(",(?=(?:[^\"]*\"[^\"]*\")*[^\"]*$)")) {
                names.add(clause.split(";")[0].strip());
            }
        }
        return names;
    }

    private static String golden() throws IOException {
        try (var in = WiringIT.class.getResourceAsStream("/wiring.txt")) {
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        }
    }
}
