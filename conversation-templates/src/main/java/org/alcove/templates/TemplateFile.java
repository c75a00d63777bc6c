package org.alcove.templates;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.alcove.templates.TurnFormat.Replacement;
import org.alcove.templates.TurnFormat.Rules;
import org.alcove.templates.TurnFormat.SystemText;
import org.alcove.templates.TurnFormat.Turn;

/** Reads a template's data file; {@code docs/writing-a-template.md} describes the format. */
final class TemplateFile {

    private static final int MAX_BYTES = 1 << 16;
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,63}");

    private final JsonMapper json = JsonMapper.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).enable(JsonParser.Feature.ALLOW_COMMENTS).build();

    /** A file that is no template, with the key that is wrong. */
    static final class MalformedException extends IOException {

        private static final long serialVersionUID = 1L;

        MalformedException(String message) {
            super(message);
        }
    }

    /**
     * Reads one file.
     *
     * @param file its name, for messages
     * @throws MalformedException if it is no template
     */
    TurnFormat read(String file, InputStream in) throws IOException {
        byte[] bytes = in.readNBytes(MAX_BYTES + 1);
        if (bytes.length > MAX_BYTES) {
            throw new MalformedException(file + " has more than " + MAX_BYTES + " bytes; a template is a few lines");
        }
        try {
            JsonNode root = json.readTree(bytes);
            if (root == null || !root.isObject()) {
                throw new MalformedException(file + " is no JSON object");
            }
            return format(new Keys(file, "", root));
        } catch (JsonProcessingException e) {
            throw new MalformedException(file + " is no JSON: " + e.getOriginalMessage() + " in line "
                    + e.getLocation().getLineNr());
        }
    }

    private static TurnFormat format(Keys keys) throws MalformedException {
        String name = keys.text("name", null);
        if (!NAME.matcher(name).matches()) {
            throw keys.wrong("name", "must be 1 to 64 letters, digits, '.', '_' or '-'");
        }
        Optional<Keys> system = keys.object("system");
        TurnFormat format = new TurnFormat(name, keys.text("begin", ""), system.isPresent() ? Optional.of(system(system.get()))
                : Optional.empty(), keys.text("seed", ""), turn(keys, "user"), turn(keys, "assistant"), rules(keys),
                keys.integer("ranking", 0), keys.texts("stops"), keys.integers("stopIds"));
        keys.end("description");
        return format;
    }

    private static SystemText system(Keys keys) throws MalformedException {
        String place = keys.text("place", "start");
        if (!Set.of("start", "first-user").contains(place)) {
            throw keys.wrong("place", "must be \"start\" or \"first-user\"");
        }
        SystemText system = new SystemText(keys.text("before", ""), keys.text("after", ""),
                Optional.ofNullable(keys.has("default") ? keys.text("default", "") : null), place.equals("first-user"));
        keys.end();
        return system;
    }

    private static Turn turn(Keys parent, String role) throws MalformedException {
        Keys keys = parent.object(role).orElseThrow(() -> parent.wrong(role, "is missing"));
        String before = keys.text("before", "");
        Turn turn = new Turn(before, keys.text("after", ""), keys.text("first", before), keys.text("open", before));
        keys.end();
        return turn;
    }

    private static Rules rules(Keys keys) throws MalformedException {
        String order = keys.text("order", "alternate");
        if (!Set.of("alternate", "any").contains(order)) {
            throw keys.wrong("order", "must be \"alternate\" or \"any\"");
        }
        List<Replacement> replacements = new ArrayList<>();
        for (JsonNode pair : keys.list("replace")) {
            if (pair.size() != 2 || !pair.path(0).isTextual() || !pair.path(1).isTextual()
                    || pair.path(0).textValue().isEmpty()) {
                throw keys.wrong("replace", "must hold pairs of texts, the first not empty");
            }
            replacements.add(new Replacement(pair.path(0).textValue(), pair.path(1).textValue()));
        }
        return new Rules(order.equals("any"), keys.integer("turns", Integer.MAX_VALUE), keys.flag("trim"),
                keys.integer("firstRound", 1), List.copyOf(replacements));
    }

    /** The keys of one object; remembers which were read, so that a misspelt one is noticed. */
    private static final class Keys {

        private final String file;
        private final String path;
        private final JsonNode node;
        private final Set<String> read = new LinkedHashSet<>();

        Keys(String file, String path, JsonNode node) {
            this.file = file;
            this.path = path;
            this.node = node;
        }

        boolean has(String key) {
            return node.has(key);
        }

        /** The text of a key; a null {@code preset} makes it compulsory. */
        String text(String key, String preset) throws MalformedException {
            JsonNode value = take(key);
            if (value == null && preset != null) {
                return preset;
            }
            if (value == null || !value.isTextual()) {
                throw wrong(key, value == null ? "is missing" : "must be a text");
            }
            return value.textValue();
        }

        int integer(String key, int preset) throws MalformedException {
            JsonNode value = take(key);
            if (value != null && (!value.isInt() || value.intValue() < 0)) {
                throw wrong(key, "must be a whole number, 0 or more");
            }
            return value == null ? preset : value.intValue();
        }

        boolean flag(String key) throws MalformedException {
            JsonNode value = take(key);
            if (value != null && !value.isBoolean()) {
                throw wrong(key, "must be true or false");
            }
            return value != null && value.booleanValue();
        }

        Optional<Keys> object(String key) throws MalformedException {
            JsonNode value = take(key);
            if (value != null && !value.isObject()) {
                throw wrong(key, "must be an object");
            }
            return value == null ? Optional.empty() : Optional.of(new Keys(file, path + key + ".", value));
        }

        Iterable<JsonNode> list(String key) throws MalformedException {
            JsonNode value = take(key);
            if (value != null && !value.isArray()) {
                throw wrong(key, "must be a list");
            }
            return value == null ? List.of() : value;
        }

        List<String> texts(String key) throws MalformedException {
            List<String> texts = new ArrayList<>();
            for (JsonNode value : list(key)) {
                if (!value.isTextual() || value.textValue().isEmpty()) {
                    throw wrong(key, "must hold texts that are not empty");
                }
                texts.add(value.textValue());
            }
            return List.copyOf(texts);
        }

        Set<Integer> integers(String key) throws MalformedException {
            Set<Integer> integers = new LinkedHashSet<>();
            for (JsonNode value : list(key)) {
                if (!value.isInt() || value.intValue() < 0) {
                    throw wrong(key, "must hold token ids, 0 or more");
                }
                integers.add(value.intValue());
            }
            return Set.copyOf(integers);
        }

        void end(String... ignored) throws MalformedException {
            read.addAll(List.of(ignored));
            for (String key : (Iterable<String>) node::fieldNames) {
                if (!read.contains(key)) {
                    throw wrong(key, "is unknown; known here: " + String.join(", ", read));
                }
            }
        }

        MalformedException wrong(String key, String problem) {
            return new MalformedException(file + ": \"" + path + key + "\" " + problem);
        }

        private JsonNode take(String key) {
            read.add(key);
            return node.get(key);
        }
    }
}
