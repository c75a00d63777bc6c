package org.alcove.cluster.wire;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.core.json.JsonWriteFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectWriter;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.Optional;

/** Strict JSON: UTF-8, no field twice, nothing after the value, nested at most {@value #MAX_DEPTH} deep. */
public final class Json {

    static final int MAX_DEPTH = 64;

    private static final ObjectMapper MAPPER = JsonMapper.builder(JsonFactory.builder()
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .streamReadConstraints(StreamReadConstraints.builder().maxNestingDepth(MAX_DEPTH)
                            .maxStringLength(Integer.MAX_VALUE).maxNumberLength(400).build())
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();
    private static final ObjectWriter ESCAPING = MAPPER.writer().with(JsonWriteFeature.ESCAPE_NON_ASCII);

    private Json() {
    }

    /** A new object. */
    public static ObjectNode object() {
        return JsonNodeFactory.instance.objectNode();
    }

    /** A list of texts. */
    public static ArrayNode texts(Collection<String> texts) {
        ArrayNode list = JsonNodeFactory.instance.arrayNode();
        texts.forEach(list::add);
        return list;
    }

    /** A list of values. */
    public static ArrayNode list(Collection<? extends JsonNode> values) {
        return JsonNodeFactory.instance.arrayNode().addAll(values);
    }

    /** The value as UTF-8; holds no zero byte. */
    public static byte[] bytes(JsonNode value) {
        try {
            return MAPPER.writeValueAsBytes(value);
        } catch (JsonProcessingException e) {
            return escaped(value);
        }
    }

    /** Half a surrogate pair has no UTF-8, but an escape, and must reach the other side as it is. */
    private static byte[] escaped(JsonNode value) {
        try {
            return ESCAPING.writeValueAsBytes(value);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a tree of values could not be written as JSON", e);
        }
    }

    /**
     * Reads an object.
     *
     * @param what whose words these are, to begin a message with: {@code "the answer of http://…"}
     * @throws WireException if it is none
     */
    public static Fields read(byte[] body, String what) {
        return maybe(body, what).orElseThrow(() -> WireException.malformed(what + " is null where an object is due"));
    }

    /**
     * Reads an object or a null.
     *
     * @throws WireException if it is neither
     */
    public static Optional<Fields> maybe(byte[] body, String what) {
        if (body.length == 0) {
            throw WireException.malformed(what + " is empty where a JSON object is due");
        }
        JsonNode node = parse(text(body, what), what);
        if (node.isNull()) {
            return Optional.empty();
        }
        if (!node.isObject()) {
            throw WireException.malformed(what + " is no JSON object but of type " + node.getNodeType());
        }
        return Optional.of(new Fields(what, "", node));
    }

    private static String text(byte[] body, String what) {
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(body)).toString();
        } catch (CharacterCodingException e) {
            throw WireException.malformed(what + " (" + body.length + " bytes) is not UTF-8");
        }
    }

    private static JsonNode parse(String text, String what) {
        try {
            JsonNode node = MAPPER.readTree(text);
            if (node == null || node.isMissingNode()) {
                throw WireException.malformed(what + " is empty where a JSON object is due");
            }
            return node;
        } catch (JacksonException e) {
            // The parser's own message quotes what it read, which may be somebody's prompt.
            String place = e.getLocation() == null ? "" : " (wrong at character " + e.getLocation().getCharOffset() + " of "
                    + text.length() + "; at most " + MAX_DEPTH + " levels, no field twice, nothing behind it)";
            throw WireException.malformed(what + " is not valid JSON" + place);
        }
    }
}
