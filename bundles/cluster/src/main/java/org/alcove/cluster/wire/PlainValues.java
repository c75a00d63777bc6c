package org.alcove.cluster.wire;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** JSON-like Java values (strings, booleans, longs, doubles, lists, maps, nulls inside them) as JSON and back. */
final class PlainValues {

    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;

    private PlainValues() {
    }

    /** @throws WireException if a value is of no such type */
    static JsonNode json(Object value) {
        return switch (value) {
            case null -> NODES.nullNode();
            case String text -> NODES.textNode(text);
            case Boolean flag -> NODES.booleanNode(flag);
            case BigDecimal number -> NODES.numberNode(number);
            case BigInteger number -> NODES.numberNode(number);
            case Double number -> NODES.numberNode(number);
            case Float number -> NODES.numberNode(number.doubleValue());
            case Number number -> NODES.numberNode(number.longValue());
            case List<?> list -> {
                ArrayNode nodes = NODES.arrayNode();
                list.forEach(element -> nodes.add(json(element)));
                yield nodes;
            }
            case Map<?, ?> map -> {
                ObjectNode node = NODES.objectNode();
                map.forEach((key, element) -> node.set(String.valueOf(key), json(element)));
                yield node;
            }
            default -> throw WireException.malformed("a template argument is of type " + value.getClass().getName()
                    + ", which is nothing JSON can hold");
        };
    }

    static Map<String, Object> map(Fields fields, String key) {
        Map<String, Object> map = new LinkedHashMap<>();
        if (fields.has(key)) {
            fields.object(key);
            for (Map.Entry<String, JsonNode> field : fields.raw(key).properties()) {
                if (!field.getValue().isNull()) {
                    map.put(field.getKey(), plain(field.getValue()));
                }
            }
        }
        return map;
    }

    private static Object plain(JsonNode node) {
        return switch (node.getNodeType()) {
            case STRING -> node.textValue();
            case BOOLEAN -> node.booleanValue();
            case NUMBER -> node.isIntegralNumber() && node.canConvertToLong() ? (Object) node.longValue() : node.doubleValue();
            case ARRAY -> {
                List<Object> list = new ArrayList<>();
                node.forEach(element -> list.add(plain(element)));
                yield list;
            }
            case OBJECT -> {
                Map<String, Object> map = new LinkedHashMap<>();
                node.properties().forEach(field -> map.put(field.getKey(), plain(field.getValue())));
                yield map;
            }
            default -> null;
        };
    }
}
