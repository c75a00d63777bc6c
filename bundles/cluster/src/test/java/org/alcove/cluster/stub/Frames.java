package org.alcove.cluster.stub;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.util.Arrays;
import java.util.List;

/** JSON objects, each followed by a zero byte, as a test reads them. */
public final class Frames {

    private Frames() {
    }

    public static List<JsonNode> of(String body) {
        if (!body.endsWith("\0")) {
            throw new AssertionError("the last frame is not whole: " + body);
        }
        return Arrays.stream(body.split("\0")).map(Frames::json).toList();
    }

    public static JsonNode json(String text) {
        try {
            return new ObjectMapper().readTree(text);
        } catch (JsonProcessingException e) {
            throw new AssertionError(text, e);
        }
    }
}
