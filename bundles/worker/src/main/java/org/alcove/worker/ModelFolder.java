package org.alcove.worker;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.alcove.api.control.Models;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The folder of files that can be loaded though no configuration names them.
 *
 * @param folder need not be there
 */
record ModelFolder(Path folder) {

    private static final Logger LOG = LoggerFactory.getLogger(ModelFolder.class);

    /** Files and folders of models, by the names that requests would use. */
    Map<String, Path> models() {
        Map<String, Path> models = new TreeMap<>();
        if (Files.isDirectory(folder)) {
            try (Stream<Path> files = Files.list(folder)) {
                files.filter(ModelFolder::isModel).sorted().forEach(file -> models.putIfAbsent(Models.nameOf(file), file));
            } catch (IOException e) {
                LOG.warn("The models folder {} cannot be read: {}", folder, e.toString());
            }
        }
        return models;
    }

    private static boolean isModel(Path file) {
        return file.getFileName().toString().endsWith(".gguf") || Files.exists(file.resolve("config.json"));
    }
}
