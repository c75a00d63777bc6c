package org.alcove.openai;

import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** JSON as plain Java values: strings, booleans, longs, doubles, lists, maps, and null inside the last two. */
final class PlainJson {

    /** Most elements of a list, and fields of an object. */
    private static final int MAX_SIZE = 65_536;
    static final int MAX_NAME = 1024;
    /** Less than a body may be: the value travels to other processes inside something else, and templates write it. */
    private static final int MAX_DEPTH = 32;

    private PlainJson() {
    }

    /** @throws ApiException if it is not plain, too large, or nested more than {@value #MAX_DEPTH} deep */
    static Object of(Value value) {
        if (depth(value.node()) > MAX_DEPTH) {
            throw ApiException.invalid(value.path(), value.path() + " is nested more than " + MAX_DEPTH
                    + " deep; send it flatter");
        }
        return plain(value);
    }

    private static int depth(JsonNode node) {
        int depth = 0;
        for (JsonNode inner : node) {
            depth = Math.max(depth, depth(inner));
        }
        return node.isContainerNode() ? depth + 1 : 0;
    }

    private static Object plain(Value value) {
        return switch (value.node().getNodeType()) {
            case STRING -> value.text();
            case BOOLEAN -> value.bool();
            case NUMBER -> value.node().isIntegralNumber()
                    ? (Object) value.integer(Long.MIN_VALUE, Long.MAX_VALUE) : value.number(-Double.MAX_VALUE, Double.MAX_VALUE);
            case ARRAY -> list(value);
            case OBJECT -> map(value);
            default -> null;
        };
    }

    private static List<Object> list(Value value) {
        List<Object> list = new ArrayList<>();
        value.list(0, MAX_SIZE).forEach(element -> list.add(plain(element)));
        return list;
    }

    private static Map<String, Object> map(Value value) {
        Map<String, Object> map = new LinkedHashMap<>();
        value.fields(MAX_SIZE, MAX_NAME).forEach(field -> map.put(field.getKey(), plain(field.getValue())));
        return map;
    }
}
