package org.alcove.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleException;
import org.osgi.framework.Constants;
import org.osgi.framework.connect.ConnectFrameworkFactory;
import org.osgi.framework.launch.Framework;

/** Bundles of the class path, and others beside them, in a framework. */
class BuiltInBundlesTest {

    private static final String CLASS = Digests.class.getName();

    @TempDir
    Path folder;
    private Path jar;
    private BuiltInBundles builtIn;
    private Framework framework;

    @BeforeEach
    void start() throws IOException, BundleException {
        jar = jar("built-in.jar");
        builtIn = new BuiltInBundles(Set.of(jar));
        framework = ServiceLoader.load(ConnectFrameworkFactory.class).iterator().next()
                .newFramework(Map.of(Constants.FRAMEWORK_STORAGE, folder.resolve("storage").toString()), builtIn);
        framework.start();
    }

    @AfterEach
    void stop() throws BundleException, InterruptedException {
        framework.stop();
        framework.waitForStop(0);
    }

    /** A bundle with one of the launcher's classes and one more file. */
    private Path jar(String name) throws IOException {
        Path file = folder.resolve(name);
        Manifest manifest = new Manifest();
        Attributes attributes = manifest.getMainAttributes();
        attributes.put(Attributes.Name.MANIFEST_VERSION, "1.0");
        attributes.putValue(Constants.BUNDLE_MANIFESTVERSION, "2");
        attributes.putValue(Constants.BUNDLE_SYMBOLICNAME, name);
        try (OutputStream out = Files.newOutputStream(file); JarOutputStream target = new JarOutputStream(out, manifest)) {
            String path = CLASS.replace('.', '/') + ".class";
            target.putNextEntry(new JarEntry(path));
            try (InputStream in = Digests.class.getClassLoader().getResourceAsStream(path)) {
                in.transferTo(target);
            }
            target.putNextEntry(new JarEntry("texts/greeting.txt"));
            target.write("Hello".getBytes(StandardCharsets.UTF_8));
        }
        return file;
    }

    private Bundle installed(Path file) throws BundleException {
        Bundle bundle = framework.getBundleContext().installBundle(builtIn.location(file));
        bundle.start();
        return bundle;
    }

    @Test
    void aJarOfTheClassPathIsABundleWithTheClassesOfTheLoaderThatTheJvmHas() throws Exception {
        Bundle bundle = installed(jar);
        assertEquals(Bundle.ACTIVE, bundle.getState());
        assertEquals("built-in.jar", bundle.getSymbolicName());
        assertSame(Digests.class, bundle.loadClass(CLASS));
    }

    @Test
    void itsFilesAreFoundAndReadLikeThoseOfOtherBundles() throws Exception {
        Bundle bundle = installed(jar);
        try (InputStream in = bundle.getEntry("texts/greeting.txt").openStream()) {
            assertEquals("Hello", new String(in.readAllBytes(), StandardCharsets.UTF_8));
        }
        assertEquals("/texts/greeting.txt", bundle.findEntries("texts", "*.txt", false).nextElement().getPath());
        assertNull(bundle.getEntry("texts/farewell.txt"));
    }

    @Test
    void anotherJarHasALoaderOfItsOwnAndSeesNothingOfTheClassPathThatItDoesNotImport() throws Exception {
        Bundle bundle = installed(jar("other.jar"));
        assertNotSame(Digests.class, bundle.loadClass(CLASS));
        assertThrows(ClassNotFoundException.class, () -> bundle.loadClass(BuiltInBundles.class.getName()));
    }

    @Test
    void onlyAJarOfTheClassPathIsTakenForBuiltInWhateverALocationSays() throws Exception {
        String location = builtIn.location(jar).replace("built-in.jar", "other.jar");
        jar("other.jar");
        assertThrows(BundleException.class, () -> framework.getBundleContext().installBundle(location));
    }

    @Test
    void theClassPathOfAManifestIsRelativeToItsJar() {
        Manifest manifest = new Manifest();
        manifest.getMainAttributes().put(Attributes.Name.CLASS_PATH, "one.jar ../system/01/two.jar");
        assertEquals(Set.of(Path.of("/home/lib/one.jar"), Path.of("/home/system/01/two.jar")),
                BuiltInBundles.classPath(Path.of("/home/lib/launcher.jar"), manifest));
    }
}
