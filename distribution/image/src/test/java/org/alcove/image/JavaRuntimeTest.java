package org.alcove.image;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.lang.module.Configuration;
import java.lang.module.ModuleFinder;
import java.lang.module.ModuleReference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.jar.JarFile;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class JavaRuntimeTest {

    private static final Path HOME = Path.of("..", "target", "alcove");
    /** Commas between clauses; those within quotes are of version ranges. */
    private static final Pattern CLAUSES = Pattern.compile(",(?=(?:[^\"]*\"[^\"]*\")*[^\"]*$)");

    /** The packages of a runtime that has these modules and what they need. */
    private static Set<String> packages(List<String> modules) {
        Configuration runtime = Configuration.empty().resolve(ModuleFinder.ofSystem(), ModuleFinder.of(), modules);
        return runtime.modules().stream().flatMap(it -> it.reference().descriptor().packages().stream())
                .collect(Collectors.toSet());
    }

    private static Set<String> required(Path jar) throws IOException {
        try (JarFile file = new JarFile(jar.toFile())) {
            String imports = file.getManifest().getMainAttributes().getValue("Import-Package");
            return imports == null ? Set.of() : CLAUSES.splitAsStream(imports).filter(it -> !it.contains("resolution:=optional"))
                    .map(it -> it.split(";")[0].strip()).collect(Collectors.toSet());
        }
    }

    /** Without a package that it imports a bundle would not resolve; in the image alone, for a JDK has them all. */
    @Test
    void theRuntimeHasEveryPackageThatBundlesImportFromTheJdk() throws IOException {
        assumeTrue(Files.isDirectory(HOME.resolve("system")), "SKIPPED: the distribution is not built");
        Set<String> jdk = ModuleFinder.ofSystem().findAll().stream().map(ModuleReference::descriptor)
                .flatMap(it -> it.packages().stream()).collect(Collectors.toSet());
        Set<String> runtime = packages(JavaRuntime.MODULES);
        Set<String> missing = new TreeSet<>();
        List<Path> jars = new ArrayList<>();
        try (Stream<Path> all = Files.walk(HOME)) {
            all.filter(it -> it.toString().endsWith(".jar")).forEach(jars::add);
        }
        assertTrue(jars.size() > 30, jars.toString());
        for (Path jar : jars) {
            required(jar).stream().filter(it -> jdk.contains(it) && !runtime.contains(it))
                    .forEach(it -> missing.add(it + " for " + jar.getFileName()));
        }
        assertEquals(Set.of(), missing);
    }

    @Test
    void aRuntimeWithoutAModuleLacksItsPackages() {
        assertTrue(packages(JavaRuntime.MODULES).contains("java.beans"));
        assertTrue(!packages(List.of("java.base")).contains("java.beans"));
    }
}
