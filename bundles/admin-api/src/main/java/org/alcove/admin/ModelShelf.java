package org.alcove.admin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Dictionary;
import java.util.Hashtable;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.alcove.api.control.Models;
import org.osgi.framework.InvalidSyntaxException;
import org.osgi.framework.ServiceReference;
import org.osgi.service.cm.Configuration;
import org.osgi.service.cm.ConfigurationAdmin;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The models of this process: those that a configuration names, and the files of the models folder. Loading one makes a
 * configuration for the room {@code worker}, unloading deletes it; what was loaded here is loaded again at the next start.
 */
final class ModelShelf {

    private static final Logger LOG = LoggerFactory.getLogger(ModelShelf.class);
    private static final ObjectMapper JSON = new ObjectMapper();
    private static final String FACTORY = "org.alcove.worker.model";
    private static final String MARK = "alcove.admin";
    private static final String GGUF = ".gguf";

    private final ConfigurationAdmin admin;
    private final ServiceReference<?> reader;
    private final Path folder;
    private final Path loaded;

    /**
     * A model.
     *
     * @param path of its file or folder
     * @param configured whether a configuration names it, so that it is loaded, or was tried to be
     * @param ours whether it was or can be loaded here
     */
    record Book(String name, Path path, boolean configured, boolean ours) {
    }

    /**
     * Models.
     *
     * @param reader for whom values that refer to flags are put in
     * @param folder of the files that can be loaded; need not be there
     * @param loaded file with the names of those that are to be loaded at the next start
     */
    ModelShelf(ConfigurationAdmin admin, ServiceReference<?> reader, Path folder, Path loaded) {
        this.admin = admin;
        this.reader = reader;
        this.folder = folder;
        this.loaded = loaded;
    }

    Path folder() {
        return folder;
    }

    /** All, by name. */
    Map<String, Book> books() throws IOException {
        Map<String, Book> books = new TreeMap<>();
        if (Files.isDirectory(folder)) {
            try (Stream<Path> files = Files.list(folder)) {
                files.filter(ModelShelf::isModel).sorted().forEach(file ->
                        books.putIfAbsent(Models.nameOf(file), new Book(Models.nameOf(file), file, false, true)));
            }
        }
        for (Configuration configuration : configurations()) {
            Dictionary<String, Object> properties = configuration.getProcessedProperties(reader);
            Object path = properties.get("path");
            if (path instanceof String text && !text.isBlank()) {
                Path file = Path.of(text);
                String name = properties.get("name") instanceof String given && !given.isBlank()
                        ? given.strip() : Models.nameOf(file);
                books.put(name, new Book(name, file, true, properties.get(MARK) != null));
            }
        }
        return books;
    }

    private static boolean isModel(Path file) {
        return file.getFileName().toString().endsWith(GGUF) || Files.exists(file.resolve("config.json"));
    }

    private List<Configuration> configurations() throws IOException {
        try {
            Configuration[] found = admin.listConfigurations("(service.factoryPid=" + FACTORY + ")");
            return found == null ? List.of() : List.of(found);
        } catch (InvalidSyntaxException e) {
            throw new IllegalStateException(e);
        }
    }

    Book named(String name) throws IOException {
        return Optional.ofNullable(books().get(name)).orElseThrow(() -> AdminException.unknown(
                "there is no model of this name, neither served nor in " + folder));
    }

    synchronized void load(String name) throws IOException {
        Book book = named(name);
        if (book.configured()) {
            throw AdminException.conflict("already_loaded", "the model is loaded already, or failed to; its state says more");
        }
        configure(book);
        remember(name, true);
    }

    private void configure(Book book) throws IOException {
        admin.createFactoryConfiguration(FACTORY, "?").update(new Hashtable<>(Map.of("path", book.path().toString(),
                "name", book.name(), MARK, true)));
    }

    synchronized void unload(String name) throws IOException {
        Book book = named(name);
        if (!book.configured()) {
            throw AdminException.conflict("not_loaded", "the model is not loaded");
        }
        if (!book.ours()) {
            throw AdminException.conflict("not_ours", "the model is named by a file in conf/ or by --model; it goes with that");
        }
        for (Configuration configuration : configurations()) {
            if (name.equals(configuration.getProperties().get("name")) && configuration.getProperties().get(MARK) != null) {
                configuration.delete();
            }
        }
        remember(name, false);
    }

    /** Loads again what was loaded when the process ended. */
    synchronized void restore() {
        try {
            Map<String, Book> books = books();
            for (String name : remembered()) {
                Book book = books.get(name);
                if (book == null) {
                    LOG.warn("The model {} was loaded before, but is not in {} any more", name, folder);
                } else if (!book.configured()) {
                    configure(book);
                }
            }
        } catch (IOException | RuntimeException e) {
            LOG.error("The models that were loaded before cannot be loaded again; {} lists them: {}", loaded, e.toString());
        }
    }

    private TreeSet<String> remembered() throws IOException {
        TreeSet<String> names = new TreeSet<>();
        if (Files.exists(loaded)) {
            for (JsonNode name : JSON.readTree(loaded.toFile()).required("loaded")) {
                names.add(name.textValue());
            }
        }
        return names;
    }

    /** Whether it is to be loaded at the next start. */
    void remember(String name, boolean wanted) throws IOException {
        TreeSet<String> names = remembered();
        boolean changed = wanted ? names.add(name) : names.remove(name);
        if (changed) {
            ObjectNode json = JSON.createObjectNode();
            ArrayNode list = json.putArray("loaded");
            names.forEach(list::add);
            DataFolder.write(loaded, JSON.writeValueAsBytes(json));
        }
    }

    /** Bytes of a file, or of the files of a folder. */
    static long bytes(Path path) {
        try (Stream<Path> files = Files.walk(path, 1)) {
            return files.filter(Files::isRegularFile).mapToLong(file -> file.toFile().length()).sum();
        } catch (IOException gone) {
            return 0;
        }
    }
}
