package org.alcove.launcher;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The folder of the framework's own files, which no run takes over from the one before. What that one left is put aside by
 * {@link #clear} and deleted by {@link #sweep}, when nobody waits for it: it takes a twentieth of a start.
 *
 * @param folder where the framework writes
 * @param aside beside it, for what waits to be deleted
 */
record FrameworkStorage(Path folder, Path aside) {

    private static final Logger LOG = LoggerFactory.getLogger(FrameworkStorage.class);

    /** In a data folder, which one process uses at a time. */
    static FrameworkStorage in(Path data) {
        return new FrameworkStorage(data.resolve("framework"), data.resolve("framework-old"));
    }

    /** Makes sure that nothing is in it. */
    void clear() throws IOException {
        // There is something where the run before ended before it could sweep.
        sweep();
        if (Files.exists(folder)) {
            Files.move(folder, aside);
        }
    }

    /** Deletes what was put aside. */
    void sweep() {
        delete(aside);
    }

    /** Deletes a folder with all it holds; what is not there is no error. */
    static void delete(Path folder) {
        if (!Files.isDirectory(folder)) {
            return;
        }
        try (Stream<Path> files = Files.walk(folder)) {
            for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                Files.deleteIfExists(file);
            }
        } catch (IOException | UncheckedIOException left) {
            // It is of no use to anybody, the next run tries again, and there is nothing a person could do about it now.
            LOG.debug("cannot delete {}", folder, left);
        }
    }
}
