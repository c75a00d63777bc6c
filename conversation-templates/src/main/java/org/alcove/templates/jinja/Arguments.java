package org.alcove.templates.jinja;

import java.util.List;
import java.util.Map;

/**
 * What a call was given.
 *
 * @param listed in order
 * @param named by name
 */
record Arguments(List<Object> listed, Map<String, Object> named) {

    static final Arguments NONE = new Arguments(List.of(), Map.of());

    /** The argument at a place or of a name. */
    Object value(int place, String name, Object preset) {
        return place < listed.size() ? listed.get(place) : named.getOrDefault(name, preset);
    }

    String text(int place, String name) {
        Object value = value(place, name, null);
        if (!(value instanceof String text)) {
            throw Run.fault("gives no text as argument '" + name + "'");
        }
        return text;
    }

    int whole(int place, String name, int preset) {
        Object given = value(place, name, null);
        Object value = given == null ? (Object) (long) preset : given;
        if (!(value instanceof Long number) || number != number.intValue()) {
            throw Run.fault("gives no small whole number as argument '" + name + "'");
        }
        return number.intValue();
    }

    /** Without the first. */
    Arguments rest() {
        if (listed.isEmpty()) {
            throw Run.fault("calls a filter without its first argument");
        }
        return new Arguments(listed.subList(1, listed.size()), named);
    }
}
