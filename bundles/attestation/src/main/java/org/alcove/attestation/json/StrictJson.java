package org.alcove.attestation.json;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.IOException;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Set;
import org.alcove.attestation.AttestationException;

/** One JSON object read field by field; what is missing, of another type or out of bounds is refused by name. */
public final class StrictJson {
    private static final ObjectMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .disable(StreamReadFeature.INCLUDE_SOURCE_IN_LOCATION)
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
            .build();

    private final JsonNode node;
    private final String what;

    private StrictJson(JsonNode node, String what) throws AttestationException {
        if (node == null || !node.isObject()) {
            throw new AttestationException(what + " is no JSON object");
        }
        this.node = node;
        this.what = what;
    }

    /**
     * Reads a document: one object, no field twice, nothing behind it.
     *
     * @param document UTF-8
     * @param what its name in messages
     * @return the object
     * @throws AttestationException if it is none
     */
    public static StrictJson parse(byte[] document, String what) throws AttestationException {
        try {
            return new StrictJson(MAPPER.readTree(document), what);
        } catch (IOException e) {
            throw broken(what, e);
        }
    }

    /**
     * A parser of the same strictness, for who needs to know where a value stands.
     *
     * @param document UTF-8
     * @return the parser
     * @throws IOException never for bytes
     */
    public static JsonParser parser(byte[] document) throws IOException {
        return MAPPER.getFactory().createParser(document);
    }

    /**
     * The one failure for what JSON readers throw; it never quotes the document.
     *
     * @param what the document's name
     * @param cause what the reader said
     * @return to be thrown
     */
    public static AttestationException broken(String what, IOException cause) {
        String reason = cause instanceof JsonProcessingException json ? json.getOriginalMessage() : cause.getMessage();
        return new AttestationException(what + " is no JSON: " + reason, cause);
    }

    /**
     * Refuses fields that nobody reads.
     *
     * @param known the fields there may be
     * @throws AttestationException if there is another
     */
    public void only(Set<String> known) throws AttestationException {
        for (String name : names()) {
            if (!known.contains(name)) {
                throw new AttestationException(what + " has the unknown field \"" + name + "\"; known are " + known.stream()
                        .sorted().toList());
            }
        }
    }

    /**
     * The names of the fields there are.
     *
     * @return in the document's order
     */
    public List<String> names() {
        List<String> names = new ArrayList<>();
        node.fieldNames().forEachRemaining(names::add);
        return names;
    }

    public boolean has(String name) {
        return node.has(name);
    }

    public StrictJson object(String name) throws AttestationException {
        return new StrictJson(node.get(name), what + "." + name);
    }

    public boolean flag(String name) throws AttestationException {
        JsonNode value = node.get(name);
        if (value == null || !value.isBoolean()) {
            throw missing(name, "true or false");
        }
        return value.booleanValue();
    }

    public int number(String name, int largest) throws AttestationException {
        JsonNode value = node.get(name);
        if (value == null || !value.isInt() || value.intValue() < 0 || value.intValue() > largest) {
            throw missing(name, "a whole number from 0 to " + largest);
        }
        return value.intValue();
    }

    public String text(String name) throws AttestationException {
        JsonNode value = node.get(name);
        if (value == null || !value.isTextual()) {
            throw missing(name, "a text");
        }
        return value.textValue();
    }

    public boolean isText(String name) {
        return node.has(name) && node.get(name).isTextual();
    }

    public Instant instant(String name) throws AttestationException {
        try {
            return Instant.parse(text(name));
        } catch (DateTimeParseException e) {
            throw missing(name, "a time like 2026-01-31T00:00:00Z");
        }
    }

    public byte[] hex(String name, int bytes) throws AttestationException {
        return hex(text(name), bytes, name);
    }

    private byte[] hex(String text, int bytes, String name) throws AttestationException {
        if (text.length() != 2 * bytes) {
            throw missing(name, 2 * bytes + " hex digits, not " + text.length());
        }
        try {
            return HexFormat.of().parseHex(text);
        } catch (IllegalArgumentException e) {
            throw missing(name, 2 * bytes + " hex digits");
        }
    }

    /**
     * A list of texts.
     *
     * @param name the field
     * @param most how many there may be
     * @return the texts
     * @throws AttestationException if it is another thing or longer
     */
    public List<String> texts(String name, int most) throws AttestationException {
        List<String> texts = new ArrayList<>();
        for (JsonNode value : array(name, most)) {
            if (!value.isTextual()) {
                throw missing(name, "a list of texts");
            }
            texts.add(value.textValue());
        }
        return texts;
    }

    /**
     * A list of byte strings of one size, brought into lower case.
     *
     * @param name the field
     * @param bytes the size of each
     * @param most how many there may be
     * @return hex
     * @throws AttestationException if it is another thing, longer, or a text is no hex of that size
     */
    public List<String> hexes(String name, int bytes, int most) throws AttestationException {
        List<String> hexes = new ArrayList<>();
        for (String text : texts(name, most)) {
            hexes.add(HexFormat.of().formatHex(hex(text, bytes, name)));
        }
        return hexes;
    }

    /**
     * A list of objects.
     *
     * @param name the field
     * @param most how many there may be
     * @return the objects
     * @throws AttestationException if it is another thing or longer
     */
    public List<StrictJson> objects(String name, int most) throws AttestationException {
        List<StrictJson> objects = new ArrayList<>();
        for (JsonNode value : array(name, most)) {
            objects.add(new StrictJson(value, what + "." + name + "[" + objects.size() + "]"));
        }
        return objects;
    }

    private JsonNode array(String name, int most) throws AttestationException {
        JsonNode value = node.get(name);
        if (value == null || !value.isArray()) {
            throw missing(name, "a list");
        }
        if (value.size() > most) {
            throw new AttestationException(what + "." + name + " has " + value.size() + " entries, at most " + most
                    + " are read");
        }
        return value;
    }

    private AttestationException missing(String name, String expected) {
        return new AttestationException(what + "." + name + (node.has(name) ? " is not " : " is missing: ") + expected);
    }
}
