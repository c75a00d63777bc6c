package org.alcove.evaluation.task;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * A subject of C-Eval.
 *
 * @param name as files are called
 * @param title as prompts call it
 * @param group STEM, Social Science, Humanities or Other
 */
record Subject(String name, String title, String group) {

    /** Groups in the order in which they are told. */
    static final List<String> GROUPS = List.of("STEM", "Social Science", "Humanities", "Other");
    private static final String FILE = "subjects.csv";

    /** The 52 known subjects by their names. */
    static Map<String, Subject> known() {
        try (InputStream file = Subject.class.getResourceAsStream(FILE)) {
            Map<String, Subject> subjects = new LinkedHashMap<>();
            for (CsvRows.Row row : CsvRows.read(new String(file.readAllBytes(), StandardCharsets.UTF_8), FILE)) {
                subjects.put(row.values().get("name"),
                        new Subject(row.values().get("name"), row.values().get("chinese"), row.values().get("group")));
            }
            return subjects;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** A subject; one that is not known is of the group Other, and prompts call it by its file's name. */
    static Subject of(String name) {
        return known().getOrDefault(name, new Subject(name, name.replace('_', ' '), "Other"));
    }
}
