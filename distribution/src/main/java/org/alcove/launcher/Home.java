package org.alcove.launcher;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/**
 * The folder that was unpacked: {@code lib/} (this launcher), {@code system/NN/} (bundles by start level), {@code plugins/} (what
 * people add, update and remove), {@code conf/} (what people edit).
 *
 * @param folder absolute path
 */
record Home(Path folder) {

    /**
     * Property in which the script says where the folder is. The class loader is not asked: a class from the cache of loaded
     * classes may not know the jar it came from.
     */
    private static final String PROPERTY = "alcove.home";

    /** The home this process was started from. */
    static Home ofProcess() {
        String folder = System.getProperty(PROPERTY);
        if (folder == null) {
            throw new UsageException("start Alcove by its script, ./alcove, which says where it is (-D" + PROPERTY + "=FOLDER)");
        }
        return new Home(Path.of(folder).toAbsolutePath().normalize());
    }

    /** The jar whose manifest names the class path. */
    Path launcher() {
        return folder.resolve("lib/launcher.jar");
    }

    Path plugins() {
        return folder.resolve("plugins");
    }

    /**
     * How large the bundles are that the framework copies: plug-ins, and in a sealed process all.
     *
     * @param sealed whether this is one
     */
    long copiedBytes(boolean sealed) {
        return Stream.concat(sealed ? levels().stream() : Stream.empty(), Stream.of(plugins())).filter(Files::isDirectory)
                .flatMap(folder -> list(folder).stream()).mapToLong(jar -> jar.toFile().length()).sum();
    }

    Path configuration() {
        return folder.resolve("conf");
    }

    /** The model that comes with Alcove, if it does. */
    Optional<Path> demoModel() {
        Path models = folder.resolve("models");
        return Files.isDirectory(models) ? list(models).stream().filter(file -> file.toString().endsWith(".gguf")).findFirst()
                : Optional.empty();
    }

    /** Folders of bundles, each named after its start level, ascending. */
    List<Path> levels() {
        return list(folder.resolve("system"));
    }

    static List<Path> list(Path folder) {
        try (Stream<Path> files = Files.list(folder)) {
            return files.sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException("cannot read " + folder + "; unpack or build Alcove again", e);
        }
    }
}
