package org.alcove.openai;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonLocation;
import com.fasterxml.jackson.core.StreamReadConstraints;
import com.fasterxml.jackson.core.StreamReadFeature;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import jakarta.servlet.http.HttpServletRequest;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/**
 * Reads a request's body as strict JSON: one object, UTF-8, no field twice, nothing after it, nested at most
 * {@value #MAX_DEPTH} deep. The content type must say JSON: that is also what keeps a foreign page's plain form from reaching
 * a server on its visitor's machine.
 */
final class JsonBody {

    static final int MAX_DEPTH = 64;

    private final ObjectMapper mapper = JsonMapper.builder(JsonFactory.builder()
                    .enable(StreamReadFeature.STRICT_DUPLICATE_DETECTION)
                    .streamReadConstraints(StreamReadConstraints.builder().maxNestingDepth(MAX_DEPTH)
                            .maxStringLength(Integer.MAX_VALUE).maxNumberLength(400).build())
                    .build())
            .enable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS).build();

    /** The body's object. */
    Value read(HttpServletRequest request, int maxBytes) throws IOException {
        checkType(request);
        byte[] bytes = bytes(request, maxBytes);
        if (bytes.length == 0) {
            throw ApiException.request(400, "empty_body", "the body is empty; send a JSON object");
        }
        JsonNode root = parse(text(bytes));
        if (root == null || !root.isObject()) {
            throw ApiException.request(400, "invalid_json", "the body must be a JSON object");
        }
        return Value.whole(root);
    }

    private static void checkType(HttpServletRequest request) {
        String encoding = request.getHeader("Content-Encoding");
        if (encoding != null && !encoding.equalsIgnoreCase("identity")) {
            throw ApiException.request(415, "unsupported_encoding", "Content-Encoding " + Value.shortened(encoding)
                    + " is not understood; send the body as it is");
        }
        String type = request.getContentType() == null ? "" : request.getContentType();
        String[] parts = type.split(";");
        boolean json = parts[0].strip().equalsIgnoreCase("application/json");
        for (int i = 1; i < parts.length; i++) {
            String parameter = parts[i].strip().toLowerCase(Locale.ROOT).replace("\"", "");
            json &= !parameter.startsWith("charset=") || parameter.equals("charset=utf-8");
        }
        if (!json) {
            throw ApiException.request(415, "unsupported_content_type", "Content-Type is "
                    + (type.isEmpty() ? "missing" : "\"" + Value.shortened(type) + "\"")
                    + "; send JSON in UTF-8 with Content-Type: application/json");
        }
    }

    private static byte[] bytes(HttpServletRequest request, int maxBytes) throws IOException {
        if (request.getContentLengthLong() > maxBytes) {
            throw tooLarge("has " + request.getContentLengthLong(), maxBytes);
        }
        byte[] bytes = request.getInputStream().readNBytes(maxBytes);
        if (bytes.length == maxBytes && request.getInputStream().read() >= 0) {
            throw tooLarge("has more", maxBytes);
        }
        return bytes;
    }

    private static ApiException tooLarge(String has, int maxBytes) {
        return ApiException.request(413, "body_too_large", "the body " + has + " bytes; at most " + maxBytes
                + " are read (max_body_bytes of org.alcove.openai)");
    }

    private static String text(byte[] bytes) {
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
        } catch (CharacterCodingException e) {
            throw ApiException.request(400, "invalid_utf8", "the body is not UTF-8");
        }
    }

    private JsonNode parse(String text) {
        try {
            return mapper.readTree(text);
        } catch (JacksonException e) {
            JsonLocation at = e.getLocation();
            String place = at == null ? "" : " at line " + at.getLineNr() + ", column " + at.getColumnNr();
            throw ApiException.request(400, "invalid_json", "the body is not valid JSON" + place + ": "
                    + e.getOriginalMessage().lines().findFirst().orElse(""));
        }
    }
}
