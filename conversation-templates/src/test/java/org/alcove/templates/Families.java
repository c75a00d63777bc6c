package org.alcove.templates;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;

/** The data files of this bundle, read without a framework. */
final class Families {

    static final Path FOLDER = Path.of("src/main/resources/templates");

    private Families() { }

    static List<String> names() {
        try (Stream<Path> files = Files.list(FOLDER)) {
            return files.map(file -> file.getFileName().toString().replaceFirst("\\.json$", "")).sorted().toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static FamilyTemplate named(String name) {
        return new FamilyTemplate(format(name));
    }

    static TurnFormat format(String name) {
        Path file = FOLDER.resolve(name + ".json");
        try (InputStream in = Files.newInputStream(file)) {
            return new TemplateFile().read(file.getFileName().toString(), in);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
