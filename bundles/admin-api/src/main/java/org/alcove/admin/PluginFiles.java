package org.alcove.admin;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.FileChannel;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.jar.Manifest;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import java.util.zip.ZipException;
import org.osgi.framework.Version;

/**
 * The jars of plug-ins: those in the folder that File Install watches, and of each the one before it, kept in the data folder. A
 * jar appears in the watched folder whole or not at all, and what is said to be done is on the disk.
 */
final class PluginFiles {

    static final int MOST_BYTES = 64 * 1024 * 1024;
    private static final String INCOMING = ".incoming";
    private static final String PART = ".part";
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,199}");

    private final Path folder;
    private final Path kept;
    private final Disk disk;

    /** Has what was written to a file, or the names in a folder, outlive the machine. */
    interface Disk {
        void force(Path path) throws IOException;
    }

    /** What a jar says it is. */
    record Description(String id, Version version) {
    }

    /**
     * Files of plug-ins.
     *
     * @param folder that File Install watches
     * @param kept for the jars before
     */
    PluginFiles(Path folder, Path kept) {
        this(folder, kept, PluginFiles::force);
    }

    PluginFiles(Path folder, Path kept, Disk disk) {
        this.folder = folder;
        this.kept = kept;
        this.disk = disk;
    }

    private static void force(Path path) throws IOException {
        try (FileChannel channel = FileChannel.open(path, StandardOpenOption.READ)) {
            channel.force(true);
        }
    }

    /** Deletes what a process left that ended while jars were on their way; before any is. */
    void sweep() throws IOException {
        sweep(kept, "incoming-*.jar");
        sweep(folder.resolve(INCOMING), "*");
        if (Files.isDirectory(kept)) {
            try (DirectoryStream<Path> places = Files.newDirectoryStream(kept)) {
                for (Path place : places) {
                    sweep(place, "*" + PART);
                }
            }
        }
    }

    private static void sweep(Path folder, String names) throws IOException {
        if (Files.isDirectory(folder)) {
            try (DirectoryStream<Path> files = Files.newDirectoryStream(folder, names)) {
                for (Path file : files) {
                    Files.delete(file);
                }
            }
        }
    }

    Path folder() {
        return folder;
    }

    /** Takes in a jar, out of sight of File Install; the caller deletes it or has it moved. */
    Path receive(InputStream in) throws IOException {
        Path file = scratch();
        boolean whole = false;
        try (OutputStream out = Files.newOutputStream(file)) {
            long bytes = 0;
            byte[] buffer = new byte[64 * 1024];
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                bytes += read;
                if (bytes > MOST_BYTES) {
                    throw new AdminException(413, "too_large", "the jar has more than " + MOST_BYTES + " bytes");
                }
                out.write(buffer, 0, read);
            }
            whole = true;
        } finally {
            if (!whole) {
                Files.deleteIfExists(file);
            }
        }
        return file;
    }

    /** An empty file beside the kept ones, for the caller to delete. */
    Path scratch() throws IOException {
        Files.createDirectories(kept);
        return Files.createTempFile(kept, "incoming-", ".jar");
    }

    /** What the jar is, if it is a bundle. */
    static Description describe(Path jar) throws IOException {
        try (JarFile file = new JarFile(jar.toFile())) {
            Manifest manifest = manifest(file);
            Attributes main = manifest == null ? new Attributes() : manifest.getMainAttributes();
            String name = main.getValue("Bundle-SymbolicName");
            if (name == null || !"2".equals(main.getValue("Bundle-ManifestVersion"))) {
                throw noBundle("its manifest has no Bundle-SymbolicName and Bundle-ManifestVersion 2");
            }
            String id = name.split(";", 2)[0].strip();
            if (!NAME.matcher(id).matches()) {
                throw noBundle("its Bundle-SymbolicName is no such name");
            }
            if (main.getValue("Fragment-Host") != null) {
                throw noBundle("it is a fragment, which cannot run by itself");
            }
            return new Description(id, Version.parseVersion(main.getValue("Bundle-Version")));
        } catch (ZipException | SecurityException e) {
            throw noBundle("it is no jar");
        } catch (IllegalArgumentException e) {
            throw noBundle("its Bundle-Version is none");
        }
    }

    private static Manifest manifest(JarFile file) throws ZipException {
        try {
            return file.getManifest();
        } catch (ZipException e) {
            throw e;
        } catch (IOException e) {
            throw noBundle("its manifest cannot be read: " + e.getMessage());
        }
    }

    /** Refuses what would be done to one jar of a bundle while there are others, which run as well or come back later. */
    void requireOne(String id) {
        List<String> jars = new ArrayList<>();
        try (DirectoryStream<Path> all = Files.newDirectoryStream(folder, "*.jar")) {
            for (Path jar : all) {
                if (holds(jar, id)) {
                    jars.add(jar.getFileName().toString());
                }
            }
        } catch (IOException e) {
            throw AdminException.disk(false, e.getMessage());
        }
        if (jars.size() > 1) {
            throw AdminException.conflict("several_jars", "plugins/ has " + String.join(" and ", jars.stream().sorted().toList())
                    + ", which all hold " + id + "; delete all but one of them there");
        }
    }

    private static boolean holds(Path jar, String id) {
        try {
            return describe(jar).id().equals(id);
        } catch (IOException | AdminException other) {
            return false;
        }
    }

    private static AdminException noBundle(String why) {
        return new AdminException(422, "not_a_bundle", "the file is no OSGi bundle: " + why);
    }

    /** The jar that was there before, or that was removed. */
    Optional<Path> previous(String id) throws IOException {
        Path place = kept.resolve(id);
        if (!NAME.matcher(id).matches() || !Files.isDirectory(place)) {
            return Optional.empty();
        }
        try (Stream<Path> files = Files.list(place)) {
            return files.filter(file -> file.toString().endsWith(".jar")).findFirst();
        }
    }

    /** Everything that is kept. */
    List<Path> allKept() throws IOException {
        if (!Files.isDirectory(kept)) {
            return List.of();
        }
        try (Stream<Path> places = Files.walk(kept, 2)) {
            return places.filter(file -> file.toString().endsWith(".jar") && !file.getParent().equals(kept)).sorted().toList();
        }
    }

    /** Keeps a copy of a jar, under the name that it has in the watched folder, as the one before. */
    void keep(String id, Path jar, String name) throws IOException {
        Path place = Files.createDirectories(kept.resolve(id));
        Path part = place.resolve(name + PART);
        Files.copy(jar, part, StandardCopyOption.REPLACE_EXISTING);
        disk.force(part);
        Optional<Path> old = previous(id);
        Path target = place.resolve(name);
        Files.move(part, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        if (old.isPresent() && !old.get().equals(target)) {
            Files.delete(old.get());
        }
        disk.force(place);
        disk.force(kept);
    }

    void forget(String id) throws IOException {
        Optional<Path> old = previous(id);
        if (old.isPresent()) {
            Files.delete(old.get());
        }
    }

    /** Takes a jar out of the watched folder. */
    void remove(Path jar) throws IOException {
        Files.deleteIfExists(jar);
        disk.force(jar.getParent());
    }

    /**
     * Brings a jar into the watched folder. Where data and plug-ins lie on different disks it is copied first, into a folder that
     * File Install takes for no bundle.
     */
    void place(Path jar, Path target) throws IOException {
        disk.force(jar);
        try {
            Files.move(jar, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (AtomicMoveNotSupportedException otherDisk) {
            Path incoming = Files.createDirectories(folder.resolve(INCOMING));
            Path part = incoming.resolve(target.getFileName());
            Files.move(jar, part, StandardCopyOption.REPLACE_EXISTING);
            disk.force(part);
            Files.move(part, target, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
            Files.delete(incoming);
        }
        disk.force(target.getParent());
    }
}
