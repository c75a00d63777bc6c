package org.alcove.launcher;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/**
 * The folder that was unpacked: {@code lib/} (this launcher), {@code system/NN/} (bundles by start level), {@code plugins/} (what
 * people add, update and remove), {@code conf/} (what people edit).
 *
 * @param folder absolute path
 */
record Home(Path folder) {

    /** The home this launcher's jar lies in. */
    static Home ofLauncher() {
        try {
            Path jar = Path.of(Home.class.getProtectionDomain().getCodeSource().getLocation().toURI());
            return new Home(jar.toAbsolutePath().getParent().getParent());
        } catch (URISyntaxException impossible) {
            throw new IllegalStateException(impossible);
        }
    }

    Path plugins() {
        return folder.resolve("plugins");
    }

    Path configuration() {
        return folder.resolve("conf");
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
