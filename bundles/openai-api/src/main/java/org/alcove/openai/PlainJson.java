package org.alcove.openai;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** JSON as plain Java values: strings, booleans, longs, doubles, lists, maps, and null inside the last two. */
final class PlainJson {

    /** Most elements of a list, and fields of an object. */
    private static final int MAX_SIZE = 65_536;
    static final int MAX_NAME = 1024;

    private PlainJson() {
    }

    static Object of(Value value) {
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
        value.list(0, MAX_SIZE).forEach(element -> list.add(of(element)));
        return list;
    }

    private static Map<String, Object> map(Value value) {
        Map<String, Object> map = new LinkedHashMap<>();
        value.fields(MAX_SIZE, MAX_NAME).forEach(field -> map.put(field.getKey(), of(field.getValue())));
        return map;
    }
}
