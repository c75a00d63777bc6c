package org.alcove.admin;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import jakarta.servlet.http.HttpServletRequest;
import jakarta.servlet.http.HttpServletResponse;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;

/** A request to the administration, admitted. */
final class Call {

    /** As strict as the other doors: what one reader takes for one thing, and another for something else, is nothing here. */
    private static final ObjectMapper JSON = JsonMapper.builder(JsonFactory.builder()
            .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION).build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();
    private static final int MOST_BYTES = 64 * 1024;

    private final HttpServletRequest request;
    private final HttpServletResponse response;
    private final Caller caller;
    private final List<String> stars;
    private String subject;
    private String detail = "";

    Call(HttpServletRequest request, HttpServletResponse response, Caller caller, List<String> stars) {
        this.request = request;
        this.response = response;
        this.caller = caller;
        this.stars = stars;
        this.subject = stars.isEmpty() ? "" : stars.getFirst();
    }

    HttpServletRequest request() {
        return request;
    }

    HttpServletResponse response() {
        return response;
    }

    Caller caller() {
        return caller;
    }

    /** What stands in the path for the star. */
    String star() {
        return stars.getFirst();
    }

    /** Tells the audit what is changed, and how. */
    void tell(String what, String how) {
        subject = what;
        detail = how;
    }

    String subject() {
        return subject;
    }

    String detail() {
        return detail;
    }

    /** The body, an object with no other fields than these. */
    ObjectNode body(String... fields) throws IOException {
        String type = request.getContentType();
        if (type == null || !type.toLowerCase(Locale.ROOT).startsWith("application/json")) {
            throw new AdminException(415, "wrong_type", "the body must be application/json");
        }
        byte[] bytes = input().readNBytes(MOST_BYTES + 1);
        if (bytes.length > MOST_BYTES) {
            throw new AdminException(413, "too_large", "the body has more than " + MOST_BYTES + " bytes");
        }
        if (!(json(bytes) instanceof ObjectNode object)) {
            throw new AdminException(400, "not_json", "the body must be a JSON object");
        }
        for (String field : (Iterable<String>) object::fieldNames) {
            if (!Set.of(fields).contains(field)) {
                throw AdminException.invalid("the field \"" + shown(field) + "\" is not known; fields: "
                        + String.join(", ", fields));
            }
        }
        return object;
    }

    private static JsonNode json(byte[] bytes) throws IOException {
        try {
            return JSON.readTree(StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString());
        } catch (CharacterCodingException e) {
            throw new AdminException(400, "not_json", "the body is not UTF-8");
        } catch (JsonProcessingException e) {
            JsonLocation at = e.getLocation();
            String place = at == null ? "" : " at line " + at.getLineNr() + ", column " + at.getColumnNr();
            throw new AdminException(400, "not_json", "the body is no JSON" + place + ": "
                    + e.getOriginalMessage().lines().findFirst().orElse(""));
        }
    }

    /** A text of the body that must be there. */
    static String text(ObjectNode body, String field) {
        if (!(body.get(field) instanceof JsonNode node) || !node.isTextual() || node.textValue().isEmpty()) {
            throw AdminException.invalid("\"" + field + "\" must be a text that is not empty");
        }
        return whole(field, node.textValue());
    }

    /** Half a character cannot be written down: files and the audit would name another one. */
    private static String whole(String field, String text) {
        if (!StandardCharsets.UTF_8.newEncoder().canEncode(text)) {
            throw AdminException.invalid("\"" + field + "\" has half of a surrogate pair, which is no character");
        }
        return text;
    }

    static String text(ObjectNode body, String field, String otherwise) {
        return body.hasNonNull(field) ? text(body, field) : otherwise;
    }

    static int number(ObjectNode body, String field, int otherwise, int least, int most) {
        return body.hasNonNull(field) ? (int) number(body, field, least, most, "") : otherwise;
    }

    /** A whole number of the body, within its bounds; {@code more} says what else could stand there. */
    static long number(ObjectNode body, String field, long least, long most, String more) {
        JsonNode node = body.get(field);
        if (!node.isIntegralNumber() || !node.canConvertToLong() || node.longValue() < least || node.longValue() > most) {
            throw AdminException.invalid("\"" + field + "\" must be a whole number from " + least + " to " + most + more
                    + ", not " + shown(node.toString()));
        }
        return node.longValue();
    }

    static boolean flag(ObjectNode body, String field, boolean otherwise) {
        if (!body.hasNonNull(field)) {
            return otherwise;
        }
        if (!body.get(field).isBoolean()) {
            throw AdminException.invalid("\"" + field + "\" must be true or false");
        }
        return body.get(field).booleanValue();
    }

    static List<String> texts(ObjectNode body, String field) {
        List<String> texts = new ArrayList<>();
        if (body.hasNonNull(field)) {
            if (!body.get(field).isArray()) {
                throw AdminException.invalid("\"" + field + "\" must be a list of texts");
            }
            for (JsonNode node : body.get(field)) {
                if (!node.isTextual() || node.textValue().isEmpty()) {
                    throw AdminException.invalid("\"" + field + "\" must be a list of texts that are not empty");
                }
                texts.add(whole(field, node.textValue()));
            }
        }
        return texts;
    }

    /** A whole number of the query, within its bounds. */
    int query(String name, int otherwise, int least, int most) {
        String text = request.getParameter(name);
        if (text == null) {
            return otherwise;
        }
        try {
            int number = Integer.parseInt(text);
            if (number >= least && number <= most) {
                return number;
            }
        } catch (NumberFormatException e) {
            // Told below, like a number that is out of bounds.
        }
        throw AdminException.invalid(name + " must be a whole number from " + least + " to " + most);
    }

    /** Whether the query says so. */
    boolean query(String name) {
        String text = request.getParameter(name);
        if (text != null && !text.equals("true") && !text.equals("false")) {
            throw AdminException.invalid(name + " must be true or false");
        }
        return "true".equals(text);
    }

    /** Refuses a body, and what the query names beside these: nobody would look at them. */
    void refuseMore(Set<String> names) throws IOException {
        if (input().read() >= 0) {
            throw AdminException.invalid("this takes no body: its path and its query tell all");
        }
        for (String name : names()) {
            if (!names.contains(name)) {
                throw AdminException.invalid("the query has \"" + shown(name) + "\", which is not known; known here: "
                        + (names.isEmpty() ? "none" : String.join(", ", new TreeSet<>(names))));
            }
        }
    }

    private List<String> names() {
        try {
            return Collections.list(request.getParameterNames());
        } catch (RuntimeException malformed) {
            throw AdminException.invalid("the query cannot be read: write what is not plain in it as %XX, by the bytes of UTF-8");
        }
    }

    /** The body's bytes. That they do not come whole is the caller's fault, and no file's. */
    InputStream input() throws IOException {
        return new FilterInputStream(request.getInputStream()) {
            @Override
            public int read() throws IOException {
                try {
                    return super.read();
                } catch (IOException cut) {
                    throw incomplete();
                }
            }

            @Override
            public int read(byte[] bytes, int from, int count) throws IOException {
                try {
                    return super.read(bytes, from, count);
                } catch (IOException cut) {
                    throw incomplete();
                }
            }
        };
    }

    private static AdminException incomplete() {
        return new AdminException(400, "body_incomplete", "the body did not arrive whole; send it again");
    }

    static String shown(String text) {
        return text.length() <= 100 ? text : text.substring(0, 100) + "…";
    }
}
