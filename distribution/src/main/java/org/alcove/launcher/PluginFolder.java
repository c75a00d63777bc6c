package org.alcove.launcher;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import java.util.zip.ZipException;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleEvent;
import org.osgi.framework.BundleException;
import org.osgi.framework.BundleListener;
import org.osgi.framework.Constants;
import org.osgi.framework.wiring.FrameworkWiring;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Whether what runs is what lies in {@code plugins/}. File Install passes over files that are no bundles without a word, also
 * where they have taken the place of one that ran; and of two jars with the same bundle it takes the bundle away with the first
 * that goes.
 */
final class PluginFolder {

    private static final Logger LOG = LoggerFactory.getLogger(PluginFolder.class);
    /** Copies are under way for longer, but not without a change. */
    private static final Duration QUIET = Duration.ofSeconds(2);

    private final BundleContext system;
    private final Path folder;
    private final LongSupplier nanos;
    private final Map<Path, Jar> jars = new HashMap<>();
    /** Symbolic names of bundles that were uninstalled, as long as a jar holds them. */
    private final Set<String> gone = ConcurrentHashMap.newKeySet();
    /** What was brought in from here; File Install goes by what it brought itself. */
    private final Map<Path, Brought> brought = new HashMap<>();

    /** A bundle, and the file it was read from last. */
    private record Brought(Bundle bundle, Jar jar) {
    }

    /** A file as it was when it was looked at last. */
    private static final class Jar {
        private final long bytes;
        private final FileTime time;
        private final long since;
        /** Of its bundle; empty before it was read, and where it has none. */
        private String name = "";
        private boolean read;

        Jar(long bytes, FileTime time, long since) {
            this.bytes = bytes;
            this.time = time;
            this.since = since;
        }

        boolean isLike(Jar other) {
            return other != null && bytes == other.bytes && time.equals(other.time);
        }
    }

    PluginFolder(BundleContext system, Path folder, LongSupplier nanos) {
        this.system = system;
        this.folder = folder;
        this.nanos = nanos;
    }

    void listen() {
        system.addBundleListener((BundleListener) event -> {
            String name = event.getBundle().getSymbolicName();
            if (event.getType() == BundleEvent.UNINSTALLED && name != null) {
                gone.add(name);
            }
        });
    }

    /** Says of each file that is no bundle why, once; and brings in again what is missing. */
    void look() {
        Map<Path, Jar> quiet = quiet();
        brought.entrySet().removeIf(entry -> hasEnded(entry.getKey(), entry.getValue()));
        quiet.forEach((file, jar) -> {
            Brought mine = brought.get(file);
            if (mine != null && mine.jar() != jar) {
                change(mine.bundle(), file, jar);
            } else if (isHere(jar.name)) {
                gone.remove(jar.name);
            } else if (gone.remove(jar.name)) {
                bring(file, jar);
            }
        });
        if (jars.values().stream().allMatch(jar -> jar.read)) {
            gone.removeIf(name -> jars.values().stream().noneMatch(jar -> jar.name.equals(name)));
        }
    }

    private boolean isHere(String name) {
        return Arrays.stream(system.getBundles()).anyMatch(bundle -> name.equals(bundle.getSymbolicName()));
    }

    private void bring(Path file, Jar jar) {
        LOG.warn("The plug-in {} was uninstalled, but plugins/{} holds it still: it is brought in again. Of two jars there that"
                + " hold one plug-in the first that is deleted takes it along", jar.name, file.getFileName());
        try {
            Bundle bundle = system.installBundle(file.toUri().toString());
            brought.put(file, new Brought(bundle, jar));
            bundle.start();
        } catch (BundleException e) {
            LOG.error("plugins/{} cannot be brought in again: {}", file.getFileName(), e.getMessage(), e);
        }
    }

    /** Whether a bundle that was brought in is gone; with its file it goes. */
    private boolean hasEnded(Path file, Brought mine) {
        if (mine.bundle().getState() == Bundle.UNINSTALLED || jars.containsKey(file)) {
            return mine.bundle().getState() == Bundle.UNINSTALLED;
        }
        try {
            mine.bundle().uninstall();
            refresh(mine.bundle());
        } catch (BundleException e) {
            LOG.error("The plug-in {} does not go with its jar", mine.bundle().getSymbolicName(), e);
        }
        return true;
    }

    private void change(Bundle bundle, Path file, Jar jar) {
        brought.put(file, new Brought(bundle, jar));
        try (InputStream in = Files.newInputStream(file)) {
            bundle.update(in);
            refresh(bundle);
        } catch (IOException | BundleException e) {
            LOG.error("plugins/{} cannot take the place of what it was", file.getFileName(), e);
        }
    }

    private void refresh(Bundle bundle) {
        system.getBundle(0).adapt(FrameworkWiring.class).refreshBundles(Set.of(bundle));
    }

    /** The jars of bundles that have been lying there unchanged for a while. */
    private Map<Path, Jar> quiet() {
        Map<Path, Jar> there = there();
        jars.keySet().retainAll(there.keySet());
        there.forEach((file, jar) -> {
            if (!jar.isLike(jars.get(file))) {
                jars.put(file, jar);
            }
        });
        jars.forEach((file, jar) -> {
            if (!jar.read && nanos.getAsLong() - jar.since >= QUIET.toNanos()) {
                read(file, jar);
            }
        });
        Map<Path, Jar> quiet = new HashMap<>(jars);
        quiet.values().removeIf(jar -> jar.name.isEmpty());
        return quiet;
    }

    private Map<Path, Jar> there() {
        Map<Path, Jar> there = new HashMap<>();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.filter(it -> it.toString().endsWith(".jar")).toList()) {
                try {
                    there.put(file, new Jar(Files.size(file), Files.getLastModifiedTime(file), nanos.getAsLong()));
                } catch (IOException deleted) {
                    LOG.debug("{} cannot be looked at", file, deleted);
                }
            }
        } catch (IOException | UncheckedIOException e) {
            LOG.debug("{} cannot be read", folder, e);
        }
        return there;
    }

    private static void read(Path file, Jar jar) {
        jar.read = true;
        String why;
        try (JarFile opened = new JarFile(file.toFile(), false)) {
            Manifest manifest = opened.getManifest();
            String name = manifest == null ? null : manifest.getMainAttributes().getValue(Constants.BUNDLE_SYMBOLICNAME);
            if (name != null) {
                jar.name = name.split(";", 2)[0].strip();
                return;
            }
            why = manifest == null ? "it has no META-INF/MANIFEST.MF"
                    : "its manifest has no Bundle-SymbolicName, so it is no bundle";
        } catch (ZipException e) {
            why = "it is no jar, or only a part of one (" + e.getMessage() + ")";
        } catch (IOException e) {
            why = "it, or its manifest, cannot be read (" + e.getMessage() + ")";
        }
        LOG.warn("plugins/{} is not installed: {}; put a whole one in its place, or delete it", file.getFileName(), why);
    }
}
