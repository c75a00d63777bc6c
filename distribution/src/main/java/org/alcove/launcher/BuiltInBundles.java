package org.alcove.launcher;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.jar.Attributes;
import java.util.jar.Manifest;
import java.util.zip.ZipFile;
import org.osgi.framework.BundleActivator;
import org.osgi.framework.connect.ConnectModule;
import org.osgi.framework.connect.ModuleConnector;

/**
 * The bundles that stay as long as the process does: the JVM's own class loader loads their classes, from the launcher's class
 * path (OSGi Core 8, chapter 60). To the framework they are bundles like others, with the same wires, services and start levels;
 * but the JVM's cache of linked classes, which knows that loader alone, holds them whole. A jar that is not on the class path
 * gets a class loader of its own, as plug-ins do.
 */
final class BuiltInBundles implements ModuleConnector {

    /** What the location of such a bundle begins with; its file comes after. */
    private static final String LOCATION = "built-in:";

    private final Set<Path> classPath;

    /** @param classPath jars from which the class loader of this class loads */
    BuiltInBundles(Set<Path> classPath) {
        this.classPath = Set.copyOf(classPath);
    }

    /** Those of this process: none, where it was started from something else than the launcher's jar. */
    static BuiltInBundles ofProcess(Home home) {
        Path launcher = home.launcher();
        if (!Path.of(System.getProperty("java.class.path")).toAbsolutePath().normalize().equals(launcher)) {
            return new BuiltInBundles(Set.of());
        }
        try (ZipFile jar = new ZipFile(launcher.toFile())) {
            Manifest manifest = new Manifest(jar.getInputStream(jar.getEntry("META-INF/MANIFEST.MF")));
            return new BuiltInBundles(classPath(launcher, manifest));
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + launcher + "; unpack or build Alcove again", e);
        }
    }

    /** The files that a jar's manifest names as its class path. */
    static Set<Path> classPath(Path jar, Manifest manifest) {
        Set<Path> files = new HashSet<>();
        for (String name : manifest.getMainAttributes().getValue(Attributes.Name.CLASS_PATH).split(" ")) {
            files.add(jar.resolveSibling(name).normalize());
        }
        return files;
    }

    /** From where the framework is to install a jar. */
    String location(Path jar) {
        return classPath.contains(jar) ? LOCATION + jar : "reference:" + jar.toUri();
    }

    @Override
    public Optional<ConnectModule> connect(String location) {
        if (!location.startsWith(LOCATION)) {
            return Optional.empty();
        }
        Path jar = Path.of(location.substring(LOCATION.length()));
        return classPath.contains(jar) ? Optional.of(() -> new BuiltInContent(jar)) : Optional.empty();
    }

    @Override
    public void initialize(File storage, Map<String, String> configuration) {
        // Nothing is kept from one run to the next.
    }

    @Override
    public Optional<BundleActivator> newBundleActivator() {
        return Optional.empty();
    }
}
