package org.alcove.openai;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.NullNode;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.AbstractList;
import java.util.List;
import java.util.Map;

/**
 * A JSON value and where it stands, for example {@code messages[2].content}. Its accessors check type and range, and refuse
 * with the place. That is spelled only when it is asked for: names are the caller's and may be long, and elements many.
 *
 * @param parent what it stands in; null for a whole body
 * @param field its name in an object; null in a list
 * @param index its place in a list
 * @param node the value
 */
record Value(Value parent, String field, int index, JsonNode node) {

    /** So much of what a caller sent is quoted to it. */
    private static final int SHOWN = 40;
    private static final BigInteger MIN_LONG = BigInteger.valueOf(Long.MIN_VALUE);
    private static final BigInteger MAX_LONG = BigInteger.valueOf(Long.MAX_VALUE);

    /** A whole body. */
    static Value whole(JsonNode node) {
        return new Value(null, null, 0, node);
    }

    /** Where it stands; empty for a whole body. Long names are shortened. */
    String path() {
        if (parent == null) {
            return "";
        }
        String above = parent.path();
        if (field == null) {
            return above + "[" + index + "]";
        }
        return above.isEmpty() ? shortened(field) : above + "." + shortened(field);
    }

    ApiException wrong(String mustBe) {
        return ApiException.invalid(path(), path() + " must be " + mustBe + ", not " + kind());
    }

    private String kind() {
        return switch (node.getNodeType()) {
            case STRING -> "a string";
            case NUMBER -> "the number " + shortened(node.asText());
            case BOOLEAN -> node.asText();
            case ARRAY -> "a list of " + node.size();
            case OBJECT -> "an object";
            default -> "null";
        };
    }

    static String shortened(String text) {
        return text.length() <= SHOWN || characters(text) <= SHOWN ? text
                : text.substring(0, text.offsetByCodePoints(0, SHOWN)) + "…";
    }

    boolean isNull() {
        return node.isNull();
    }

    /** A string of whole characters: half a surrogate pair has no bytes to tokenize. */
    String text() {
        if (!node.isTextual()) {
            throw wrong("a string");
        }
        String text = node.textValue();
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            boolean pair = Character.isHighSurrogate(c) && i + 1 < text.length() && Character.isLowSurrogate(text.charAt(i + 1));
            if (Character.isSurrogate(c) && !pair) {
                throw ApiException.invalid(path(), path() + " has half of a surrogate pair at character " + i
                        + "; send whole characters");
            }
            i += pair ? 1 : 0;
        }
        return text;
    }

    /** A string of at most so many characters. */
    String text(int maxLength) {
        String text = text();
        int length = characters(text);
        if (length > maxLength) {
            throw ApiException.invalid(path(), path() + " has " + length + " characters, more than " + maxLength);
        }
        return text;
    }

    private static int characters(String text) {
        return text.codePointCount(0, text.length());
    }

    boolean bool() {
        if (!node.isBoolean()) {
            throw wrong("true or false");
        }
        return node.booleanValue();
    }

    /** A number within bounds, both included. */
    double number(double min, double max) {
        double number = node.isNumber() ? node.doubleValue() : Double.NaN;
        if (!(number >= min && number <= max)) {
            throw wrong("a number from " + plain(min) + " to " + plain(max));
        }
        return number;
    }

    private static String plain(double bound) {
        return BigDecimal.valueOf(bound).stripTrailingZeros().toPlainString();
    }

    /** An integer within bounds, both included; {@code 16.0} is one too. */
    long integer(long min, long max) {
        BigInteger whole = whole();
        if (whole == null || whole.compareTo(BigInteger.valueOf(min)) < 0 || whole.compareTo(BigInteger.valueOf(max)) > 0) {
            throw wrong("an integer from " + min + " to " + max);
        }
        return whole.longValueExact();
    }

    /** Null where it is no integer or has no place in 64 bits. */
    private BigInteger whole() {
        if (node.isIntegralNumber()) {
            BigInteger value = node.bigIntegerValue();
            return value.compareTo(MIN_LONG) >= 0 && value.compareTo(MAX_LONG) <= 0 ? value : null;
        }
        double value = node.isNumber() ? node.doubleValue() : Double.NaN;
        return value == Math.rint(value) && Math.abs(value) < 0x1p53 ? BigInteger.valueOf((long) value) : null;
    }

    int integer(int min, int max) {
        return (int) integer((long) min, (long) max);
    }

    /** The elements of a list with between {@code min} and {@code max} of them; each is made when it is asked for. */
    List<Value> list(int min, int max) {
        if (!node.isArray()) {
            throw wrong("a list");
        }
        if (node.size() < min || node.size() > max) {
            throw ApiException.invalid(path(), path() + " has " + node.size() + " elements; it must have " + min + " to " + max);
        }
        return new AbstractList<>() {

            @Override
            public Value get(int i) {
                return new Value(Value.this, null, i, node.get(i));
            }

            @Override
            public int size() {
                return node.size();
            }
        };
    }

    /** The fields of an object with at most {@code max} of them, in their order; each is made when it is asked for. */
    Iterable<Map.Entry<String, Value>> fields(int max) {
        if (!node.isObject()) {
            throw wrong("an object");
        }
        if (node.size() > max) {
            throw ApiException.invalid(path(), path() + " has " + node.size() + " fields; it may have " + max);
        }
        return () -> node.properties().stream()
                .map(field -> Map.entry(field.getKey(), new Value(this, field.getKey(), 0, field.getValue()))).iterator();
    }

    /** As {@link #fields(int)}, with names of at most so many characters. */
    Iterable<Map.Entry<String, Value>> fields(int max, int longestName) {
        Iterable<Map.Entry<String, Value>> fields = fields(max);
        node.fieldNames().forEachRemaining(name -> {
            int length = characters(name);
            if (length > longestName) {
                throw ApiException.invalid(path(), path() + " has a key of " + length + " characters, more than " + longestName);
            }
        });
        return fields;
    }

    /** The field of this object; JSON null where there is none. */
    Value at(String name) {
        if (!node.isObject()) {
            throw wrong("an object");
        }
        JsonNode child = node.get(name);
        return new Value(this, name, 0, child == null ? NullNode.instance : child);
    }
}
