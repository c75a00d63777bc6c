package org.alcove.cluster.wire;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;

/**
 * The fields of a JSON object that came over the wire. What is missing or of a wrong type is refused by name; a null counts as
 * missing; fields nobody asks for are ignored. Messages quote no values, which may be somebody's text.
 */
public final class Fields {

    private final String what;
    private final String path;
    private final JsonNode node;

    /**
     * @param what whose words these are
     * @param path of this object, empty or ending in a dot
     */
    Fields(String what, String path, JsonNode node) {
        this.what = what;
        this.path = path;
        this.node = node;
    }

    /** Whether the field is there and not null. */
    public boolean has(String key) {
        return node.hasNonNull(key);
    }

    /** A text that must be there. */
    public String text(String key) {
        JsonNode value = required(key);
        if (!value.isTextual()) {
            throw wrong(key, "must be a text");
        }
        return value.textValue();
    }

    /** A text. */
    public String text(String key, String preset) {
        return has(key) ? text(key) : preset;
    }

    /** A text. */
    public Optional<String> maybeText(String key) {
        return has(key) ? Optional.of(text(key)) : Optional.empty();
    }

    /** A whole number that must be there. */
    public long integer(String key, long min, long max) {
        JsonNode value = required(key);
        if (!value.isIntegralNumber() || !value.canConvertToLong()) {
            throw wrong(key, "must be a whole number");
        }
        if (value.longValue() < min || value.longValue() > max) {
            throw wrong(key, "is " + value.longValue() + " and must be from " + min + " to " + max);
        }
        return value.longValue();
    }

    /** A whole number, 0 or more, that must be there. */
    public int count(String key) {
        return (int) integer(key, 0, Integer.MAX_VALUE);
    }

    /** A whole number, 0 or more. */
    public int count(String key, int preset) {
        return has(key) ? count(key) : preset;
    }

    /** A finite number that must be there. */
    public double number(String key) {
        JsonNode value = required(key);
        if (!value.isNumber() || !Double.isFinite(value.doubleValue())) {
            throw wrong(key, "must be a finite number");
        }
        return value.doubleValue();
    }

    /** A finite number. */
    public double number(String key, double preset) {
        return has(key) ? number(key) : preset;
    }

    /** A truth value that must be there. */
    public boolean flag(String key) {
        JsonNode value = required(key);
        if (!value.isBoolean()) {
            throw wrong(key, "must be true or false");
        }
        return value.booleanValue();
    }

    /** A truth value. */
    public boolean flag(String key, boolean preset) {
        return has(key) ? flag(key) : preset;
    }

    /** Bytes in base64 that must be there. */
    public byte[] bytes(String key) {
        try {
            return Base64.getDecoder().decode(text(key));
        } catch (IllegalArgumentException e) {
            throw wrong(key, "must be base64");
        }
    }

    /** One of the constants, by name; must be there. */
    public <E extends Enum<E>> E constant(String key, Class<E> type) {
        String name = text(key);
        for (E constant : type.getEnumConstants()) {
            if (constant.name().equals(name)) {
                return constant;
            }
        }
        throw wrong(key, "must be one of " + List.of(type.getEnumConstants()));
    }

    /** An object that must be there. */
    public Fields object(String key) {
        JsonNode value = required(key);
        if (!value.isObject()) {
            throw wrong(key, "must be an object");
        }
        return new Fields(what, path + key + ".", value);
    }

    /** An object. */
    public Optional<Fields> maybeObject(String key) {
        return has(key) ? Optional.of(object(key)) : Optional.empty();
    }

    /** A list of objects that must be there. */
    public List<Fields> objects(String key, int max) {
        List<Fields> objects = new ArrayList<>();
        for (JsonNode element : list(key, max)) {
            if (!element.isObject()) {
                throw wrong(key, "must hold objects only");
            }
            objects.add(new Fields(what, path + key + "[" + objects.size() + "].", element));
        }
        return objects;
    }

    /** A list of texts that must be there. */
    public List<String> texts(String key, int max) {
        List<String> texts = new ArrayList<>();
        for (JsonNode element : list(key, max)) {
            if (!element.isTextual()) {
                throw wrong(key, "must hold texts only");
            }
            texts.add(element.textValue());
        }
        return texts;
    }

    /** A list of token ids or other whole numbers that must be there. */
    public List<Integer> integers(String key, int max) {
        List<Integer> integers = new ArrayList<>();
        for (JsonNode element : list(key, max)) {
            if (!element.isInt()) {
                throw wrong(key, "must hold whole numbers of 32 bits only");
            }
            integers.add(element.intValue());
        }
        return integers;
    }

    /** The value itself; missing where there is none. */
    JsonNode raw(String key) {
        return node.path(key);
    }

    JsonNode list(String key, int max) {
        JsonNode value = required(key);
        if (!value.isArray()) {
            throw wrong(key, "must be a list");
        }
        if (value.size() > max) {
            throw new WireException(WireException.Kind.TOO_LARGE, what + ": \"" + path + key + "\" has " + value.size()
                    + " elements, at most " + max + " are read");
        }
        return value;
    }

    /** What is wrong with a field. */
    public WireException wrong(String key, String problem) {
        return WireException.malformed(what + ": \"" + path + key + "\" " + problem);
    }

    private JsonNode required(String key) {
        JsonNode value = node.get(key);
        if (value == null || value.isNull()) {
            throw wrong(key, "is missing");
        }
        return value;
    }
}
