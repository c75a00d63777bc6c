package org.alcove.evaluation.task;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** Reads tasks with one question on each line, a JSON object; its fields tell its kind. All lines of a file are of one kind. */
final class JsonLines {

    private static final ObjectMapper MAPPER = new ObjectMapper().enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
    private static final int MOST_FAULTS = 5;

    private JsonLines() {
    }

    /**
     * Reads a file.
     *
     * @param name of the task
     * @throws IOException with the lines that cannot be read and why, at most five
     */
    static Task read(Path file, String name) throws IOException {
        List<String> lines = Files.readString(file).lines().toList();
        List<Item> items = new ArrayList<>();
        List<String> faults = new ArrayList<>();
        Task.Kind kind = null;
        for (int i = 0; i < lines.size(); i++) {
            if (lines.get(i).isBlank()) {
                continue;
            }
            try {
                JsonQuestion question = JsonQuestion.of(object(lines.get(i)));
                if (kind != null && kind != question.kind()) {
                    throw new IllegalArgumentException("of another kind than those before; put it into another file");
                }
                kind = question.kind();
                items.add(new Item(file + " line " + (i + 1), question.choices(), question.right()));
            } catch (IllegalArgumentException e) {
                faults.add("line " + (i + 1) + ": " + e.getMessage());
            }
        }
        if (!faults.isEmpty()) {
            throw new IOException(file + " has " + faults.size() + " bad lines of " + lines.size() + "; "
                    + String.join("; ", faults.subList(0, Math.min(faults.size(), MOST_FAULTS))));
        }
        if (items.isEmpty()) {
            throw new IOException(file + " has no questions");
        }
        return new Task(name, "", kind, items);
    }

    private static JsonNode object(String line) {
        try {
            JsonNode node = MAPPER.readTree(line);
            if (node.isObject()) {
                return node;
            }
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("no JSON: " + e.getOriginalMessage(), e);
        }
        throw new IllegalArgumentException("no JSON object");
    }
}
