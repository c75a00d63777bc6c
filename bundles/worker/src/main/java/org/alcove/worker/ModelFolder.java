package org.alcove.worker;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.alcove.api.control.Models;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The folder of files that can be loaded though no configuration names them. Thread-safe. */
final class ModelFolder {

    private static final Logger LOG = LoggerFactory.getLogger(ModelFolder.class);

    private final Path folder;
    private final Consumer<String> warnings;
    /** Why it could not be read when it was looked at last; empty where it could, or is not there. */
    private final AtomicReference<String> fault = new AtomicReference<>("");

    /** @param folder need not be there */
    ModelFolder(Path folder) {
        this(folder, LOG::warn);
    }

    /** @param warnings takes what is wrong with the folder, once each time that it becomes so */
    ModelFolder(Path folder, Consumer<String> warnings) {
        this.folder = folder;
        this.warnings = warnings;
    }

    Path folder() {
        return folder;
    }

    /** Files and folders of models, by the names that requests would use. */
    Map<String, Path> models() {
        Map<String, Path> models = new TreeMap<>();
        String wrong = "";
        if (Files.exists(folder, LinkOption.NOFOLLOW_LINKS)) {
            try (Stream<Path> files = Files.list(folder)) {
                files.filter(ModelFolder::isModel).sorted().forEach(file -> models.putIfAbsent(Models.nameOf(file), file));
            } catch (IOException e) {
                wrong = reason(e);
            }
        }
        if (!fault.getAndSet(wrong).equals(wrong) && !wrong.isEmpty()) {
            warnings.accept("The models folder " + folder + " cannot be read: " + wrong
                    + "; the models in it are left out until that is corrected");
        }
        return models;
    }

    /** Some of these say no more than the folder's name. */
    private static String reason(IOException e) {
        return switch (e) {
            case NotDirectoryException file -> "it is no folder";
            case NoSuchFileException gone -> "it is a link to nothing";
            case AccessDeniedException denied -> "no permission for " + denied.getFile();
            case FileSystemException it when it.getReason() != null -> it.getReason();
            default -> e.toString();
        };
    }

    private static boolean isModel(Path file) {
        return file.getFileName().toString().endsWith(".gguf") || Files.exists(file.resolve("config.json"));
    }
}
