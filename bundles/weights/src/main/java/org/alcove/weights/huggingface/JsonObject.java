package org.alcove.weights.huggingface;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import org.alcove.weights.ModelFormatException;

/**
 * An object of a JSON file. A member that is null counts as absent; one of the wrong kind is an error that names it.
 *
 * @param file where it is from, for messages
 * @param prefix names of the objects around it, each followed by a dot
 */
record JsonObject(Path file, String prefix, JsonNode node) {

    Optional<String> text(String key) throws ModelFormatException {
        JsonNode value = member(key);
        if (value == null) {
            return Optional.empty();
        }
        if (!value.isTextual()) {
            throw wrong(key, "a text", value);
        }
        return Optional.of(value.textValue());
    }

    /** An integer of 32 bits. */
    OptionalInt integer(String key) throws ModelFormatException {
        JsonNode value = member(key);
        if (value == null) {
            return OptionalInt.empty();
        }
        if (!value.canConvertToInt() || !value.isIntegralNumber()) {
            throw wrong(key, "an integer of 32 bits", value);
        }
        return OptionalInt.of(value.intValue());
    }

    /** An integer that must be there and at least 1. */
    int positive(String key) throws ModelFormatException {
        int value = integer(key).orElseThrow(() -> missing(key));
        if (value < 1) {
            throw new ModelFormatException(file + ": " + prefix + key + " is " + value + ", at least 1 is needed");
        }
        return value;
    }

    /** A finite number. */
    OptionalDouble number(String key) throws ModelFormatException {
        JsonNode value = member(key);
        if (value == null) {
            return OptionalDouble.empty();
        }
        if (!value.isNumber() || !Double.isFinite(value.doubleValue())) {
            throw wrong(key, "a finite number", value);
        }
        return OptionalDouble.of(value.doubleValue());
    }

    /** A number that must be there and above 0. */
    double positiveNumber(String key) throws ModelFormatException {
        double value = number(key).orElseThrow(() -> missing(key));
        if (value <= 0) {
            throw new ModelFormatException(file + ": " + prefix + key + " is " + value + ", it must be above 0");
        }
        return value;
    }

    Optional<Boolean> flag(String key) throws ModelFormatException {
        JsonNode value = member(key);
        if (value == null) {
            return Optional.empty();
        }
        if (!value.isBoolean()) {
            throw wrong(key, "true or false", value);
        }
        return Optional.of(value.booleanValue());
    }

    Optional<JsonObject> object(String key) throws ModelFormatException {
        JsonNode value = member(key);
        if (value == null) {
            return Optional.empty();
        }
        if (!value.isObject()) {
            throw wrong(key, "an object", value);
        }
        return Optional.of(new JsonObject(file, prefix + key + ".", value));
    }

    /** Members that are objects, by name. */
    Map<String, JsonObject> objects() throws ModelFormatException {
        Map<String, JsonObject> objects = new LinkedHashMap<>();
        for (String key : keys()) {
            objects.put(key, object(key).orElseThrow(() -> missing(key)));
        }
        return objects;
    }

    /** Elements of a list; none where it is absent. */
    List<JsonNode> list(String key) throws ModelFormatException {
        JsonNode value = member(key);
        if (value == null) {
            return List.of();
        }
        if (!value.isArray()) {
            throw wrong(key, "a list", value);
        }
        List<JsonNode> elements = new ArrayList<>();
        value.forEach(elements::add);
        return elements;
    }

    /** Names of all members, absent ones left out. */
    List<String> keys() {
        List<String> keys = new ArrayList<>();
        node.fieldNames().forEachRemaining(key -> {
            if (member(key) != null) {
                keys.add(key);
            }
        });
        return keys;
    }

    boolean has(String key) {
        return member(key) != null;
    }

    /** The member, or null where it is absent or null. */
    JsonNode member(String key) {
        JsonNode value = node.get(key);
        return value == null || value.isNull() ? null : value;
    }

    ModelFormatException error(String key, String what) {
        return new ModelFormatException(file + ": " + prefix + key + ": " + what);
    }

    private ModelFormatException missing(String key) {
        return error(key, "it is missing");
    }

    private ModelFormatException wrong(String key, String wanted, JsonNode value) {
        String kind = value.isValueNode() && !value.isTextual() ? value.asText() : "a " + value.getNodeType();
        return error(key, "it must be " + wanted + ", not " + kind);
    }
}
