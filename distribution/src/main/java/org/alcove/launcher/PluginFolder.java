package org.alcove.launcher;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.LongSupplier;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.stream.Stream;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleEvent;
import org.osgi.framework.BundleListener;
import org.osgi.framework.Constants;
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
    private final Runnable again;
    private final Map<Path, Jar> jars = new HashMap<>();
    /** Symbolic names of bundles that were uninstalled. */
    private final Set<String> gone = ConcurrentHashMap.newKeySet();

    /** A file as it was when it was looked at last. */
    private static final class Jar {
        private final long bytes;
        private final FileTime time;
        private final long since;
        /** Of its bundle; empty before it was read, and where it has none. */
        private String name = "";
        private boolean read;
        private boolean broughtAgain;

        Jar(long bytes, FileTime time, long since) {
            this.bytes = bytes;
            this.time = time;
            this.since = since;
        }

        boolean isLike(Jar other) {
            return other != null && bytes == other.bytes && time.equals(other.time);
        }
    }

    /** @param again looks through the folder as if for the first time */
    PluginFolder(BundleContext system, Path folder, LongSupplier nanos, Runnable again) {
        this.system = system;
        this.folder = folder;
        this.nanos = nanos;
        this.again = again;
    }

    void listen() {
        system.addBundleListener((BundleListener) event -> {
            if (event.getType() == BundleEvent.UNINSTALLED) {
                gone.add(event.getBundle().getSymbolicName());
            }
        });
    }

    /** Says of each file that is no bundle why, once; and lets what is missing be brought in again. */
    void look() {
        boolean missing = false;
        for (Jar jar : quiet()) {
            boolean here = Arrays.stream(system.getBundles()).anyMatch(bundle -> jar.name.equals(bundle.getSymbolicName()));
            if (here) {
                jar.broughtAgain = false;
                gone.remove(jar.name);
            } else if (gone.contains(jar.name) && !jar.broughtAgain) {
                jar.broughtAgain = true;
                missing = true;
                LOG.warn("The plug-in {} was uninstalled, as happens with one of two jars that hold it, but one is in plugins/"
                        + " still: it is brought in again", jar.name);
            }
        }
        if (missing) {
            again.run();
        }
    }

    /** The bundles that have been lying there unchanged for a while. */
    private List<Jar> quiet() {
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
        return jars.values().stream().filter(jar -> !jar.name.isEmpty()).toList();
    }

    private Map<Path, Jar> there() {
        Map<Path, Jar> there = new HashMap<>();
        try (Stream<Path> files = Files.list(folder)) {
            for (Path file : files.filter(it -> it.toString().endsWith(".jar")).toList()) {
                try {
                    there.put(file, new Jar(Files.size(file), Files.getLastModifiedTime(file), nanos.getAsLong()));
                } catch (NoSuchFileException deleted) {
                    // between the two looks
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
        } catch (IOException e) {
            why = "it is no jar, or only a part of one (" + e.getMessage() + ")";
        }
        LOG.warn("plugins/{} is not installed: {}; put a whole one in its place, or delete it", file.getFileName(), why);
    }
}
