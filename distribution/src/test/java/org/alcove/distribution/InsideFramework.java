package org.alcove.distribution;

import static org.ops4j.pax.exam.CoreOptions.bundle;
import static org.ops4j.pax.exam.CoreOptions.composite;
import static org.ops4j.pax.exam.CoreOptions.frameworkProperty;
import static org.ops4j.pax.exam.CoreOptions.junitBundles;
import static org.ops4j.pax.exam.CoreOptions.systemPackages;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;
import org.ops4j.pax.exam.Option;

/** The bundles of the assembled distribution, as options of Pax Exam: all but HTTP, File Install and the shell. */
final class InsideFramework {

    private static final Set<String> LEFT_OUT = Set.of("accounts.jar", "admin-api.jar", "org.apache.felix.http.jetty12.jar",
            "org.apache.felix.fileinstall.jar", "org.apache.felix.gogo.command.jar", "org.apache.felix.gogo.runtime.jar",
            "org.apache.felix.log.jar", "metrics.jar", "openai-api.jar", "shell.jar", "commons-io.jar", "commons-fileupload.jar",
            "org.apache.felix.configadmin.plugin.interpolation.jar", "chat.jar", "console.jar", "evidence.jar",
            "org.apache.felix.webconsole.jar", "org.apache.felix.webconsole.plugins.ds.jar", "org.apache.felix.inventory.jar");

    private InsideFramework() {
    }

    static Option[] options() {
        List<Option> options = new ArrayList<>();
        for (String version : List.of("2.0.17", "1.7.36")) {
            options.add(systemPackages("org.slf4j;version=" + version, "org.slf4j.spi;version=" + version,
                    "org.slf4j.event;version=" + version, "org.slf4j.helpers;version=" + version));
        }
        options.add(frameworkProperty("org.osgi.framework.startlevel.beginning").value("100"));
        for (Path folder : folders()) {
            options.add(composite(bundles(folder)));
        }
        options.add(junitBundles());
        return options.toArray(Option[]::new);
    }

    private static List<Path> folders() {
        try (Stream<Path> levels = Files.list(Distribution.home().resolve("system"))) {
            return Stream.concat(levels.sorted(), Stream.of(Distribution.home().resolve("plugins"))).toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static Option[] bundles(Path folder) {
        try (Stream<Path> jars = Files.list(folder)) {
            return jars.sorted().filter(jar -> !LEFT_OUT.contains(jar.getFileName().toString()))
                    .map(jar -> bundle(jar.toUri().toString())).toArray(Option[]::new);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
