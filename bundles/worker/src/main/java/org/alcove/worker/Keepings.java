package org.alcove.worker;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.OptionalLong;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.alcove.api.control.Models;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What was said about how long models stay loaded, in a file of lines {@code pinned|free SECONDS|default NAME}. Thread-safe.
 */
final class Keepings {

    private static final Logger LOG = LoggerFactory.getLogger(Keepings.class);
    private static final String PINNED = "pinned";
    private static final String DEFAULT = "default";
    private static final int PARTS = 3;

    private final Path file;
    private final Map<String, Models.Keeping> known;

    /** Reads the file, if there is one. A line that makes no sense is said in the log and left out. */
    Keepings(Path file) {
        this.file = file;
        this.known = new LinkedHashMap<>();
        try {
            if (Files.exists(file)) {
                Files.readAllLines(file).forEach(this::read);
            }
        } catch (IOException e) {
            LOG.error("What models are pinned cannot be read from {}: {}", file, e.toString());
        }
    }

    private void read(String line) {
        String[] parts = line.split(" ", PARTS);
        try {
            OptionalLong seconds = parts[1].equals(DEFAULT) ? OptionalLong.empty() : OptionalLong.of(Long.parseLong(parts[1]));
            known.put(parts[2], new Models.Keeping(parts[0].equals(PINNED), seconds));
        } catch (NumberFormatException | ArrayIndexOutOfBoundsException e) {
            LOG.error("{} has the line \"{}\", which says nothing about a model; it is left out", file, line);
        }
    }

    synchronized Models.Keeping of(String model) {
        return known.getOrDefault(model, Models.Keeping.USUAL);
    }

    /**
     * Remembers.
     *
     * @throws UncheckedIOException if it cannot be written; nothing is changed
     */
    synchronized void put(String model, Models.Keeping keeping) {
        Map<String, Models.Keeping> next = new TreeMap<>(known);
        next.put(model, keeping);
        next.values().removeIf(Models.Keeping.USUAL::equals);
        try {
            write(next);
        } catch (IOException e) {
            throw new UncheckedIOException("what is said about models cannot be written to " + file + ": " + e, e);
        }
        known.clear();
        known.putAll(next);
    }

    private void write(Map<String, Models.Keeping> all) throws IOException {
        String text = all.entrySet().stream().map(entry -> line(entry.getKey(), entry.getValue())).collect(Collectors.joining());
        Path folder = Files.createDirectories(file.toAbsolutePath().getParent());
        Path part = file.resolveSibling(file.getFileName() + ".part");
        try {
            Files.writeString(part, text, StandardCharsets.UTF_8);
            sync(part, StandardOpenOption.WRITE);
            Files.move(part, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
        } catch (IOException e) {
            Files.deleteIfExists(part);
            throw e;
        }
        // A new name is on the disk only once its folder is.
        sync(folder, StandardOpenOption.READ);
    }

    private static void sync(Path path, StandardOpenOption how) throws IOException {
        try (FileChannel channel = FileChannel.open(path, how)) {
            channel.force(true);
        }
    }

    private static String line(String model, Models.Keeping keeping) {
        return (keeping.pinned() ? PINNED : "free") + " " + (keeping.keepAliveSeconds().isPresent()
                ? Long.toString(keeping.keepAliveSeconds().getAsLong()) : DEFAULT) + " " + model + "\n";
    }
}
