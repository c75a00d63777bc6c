package org.alcove.templates.jinja;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Writes values as JSON or as Python prints them; the text of a value keeps its stand-ins. */
final class Writer {

    private static final int MAX_DEPTH = 60;

    private final Run run;
    private final boolean json;
    private final boolean ascii;
    private final boolean sorted;
    private final String indent;
    private final String comma;
    private final String colon;
    private final StringBuilder out = new StringBuilder();

    /** For Python's {@code repr}. */
    private Writer(Run run) {
        this.run = run;
        this.json = false;
        this.ascii = false;
        this.sorted = false;
        this.indent = null;
        this.comma = ", ";
        this.colon = ": ";
    }

    /** For JSON. */
    private Writer(Run run, String indent, String[] separators, boolean ascii, boolean sorted) {
        this.run = run;
        this.json = true;
        this.ascii = ascii;
        this.sorted = sorted;
        this.indent = indent;
        this.comma = separators[0];
        this.colon = separators[1];
    }

    /** The value as Python's {@code repr} shows it. */
    static String literal(Run run, Object value) {
        Writer writer = new Writer(run);
        writer.write(value, 0);
        return run.made(writer.out.toString());
    }

    /** The filter {@code tojson} as the model's makers have it: Python's separators, nothing escaped for HTML. */
    static String json(Run run, Object value, Arguments args) {
        Object indent = args.value(1, "indent", null);
        Object separators = args.value(2, "separators", null);
        String[] parts = {indent == null ? ", " : ",", ": "};
        if (separators instanceof List<?> two && two.size() == 2) {
            parts = new String[] {Values.text(two.get(0)), Values.text(two.get(1))};
        } else if (separators != null) {
            throw Run.fault("gives no two texts as argument 'separators'");
        }
        String step = indent == null ? null : Filters.step(indent);
        Writer writer = new Writer(run, step, parts, Values.truth(args.value(0, "ensure_ascii", false)),
                Values.truth(args.value(3, "sort_keys", false)));
        writer.write(value, 0);
        return run.made(writer.out.toString());
    }

    private void write(Object value, int depth) {
        run.spend(1);
        run.checkLength(out.length());
        if (depth > MAX_DEPTH) {
            throw Run.fault("writes data that is more than " + MAX_DEPTH + " deep");
        }
        switch (value) {
            case String text -> text(text);
            case List<?> list -> list(list, depth);
            case Map<?, ?> map -> map(map, depth);
            case Values.Namespace namespace -> map(namespace.names(), depth);
            case null, default -> out.append(simple(value));
        }
    }

    /** None, true, false or a number. */
    private String simple(Object value) {
        return switch (value) {
            case null -> json ? "null" : "None";
            case Boolean truth -> json ? truth.toString() : truth ? "True" : "False";
            case Double number when number.isNaN() -> json ? "NaN" : "nan";
            case Double number when number.isInfinite() -> (number < 0 ? "-" : "") + (json ? "Infinity" : "inf");
            case Double number -> Numbers.print(number);
            case Number number -> number.toString();
            default -> throw Run.fault("prints " + Values.kind(value));
        };
    }

    private void list(List<?> list, int depth) {
        boolean tuple = !json && list instanceof Values.Tuple;
        out.append(tuple ? '(' : '[');
        for (int i = 0; i < list.size(); i++) {
            out.append(i == 0 ? "" : comma);
            line(depth + 1);
            write(list.get(i), depth + 1);
        }
        if (!list.isEmpty()) {
            line(depth);
        }
        out.append(tuple ? list.size() == 1 ? ",)" : ")" : "]");
    }

    private void map(Map<?, ?> map, int depth) {
        out.append('{');
        int count = 0;
        List<Map.Entry<?, ?>> entries = new ArrayList<>(map.entrySet());
        if (sorted) {
            entries.sort((a, b) -> Values.compare(run, a.getKey(), b.getKey()));
        }
        for (Map.Entry<?, ?> entry : entries) {
            out.append(count++ == 0 ? "" : comma);
            line(depth + 1);
            write(json && !(entry.getKey() instanceof String) ? simple(entry.getKey()) : entry.getKey(), depth + 1);
            out.append(colon);
            write(entry.getValue(), depth + 1);
        }
        if (count > 0) {
            line(depth);
        }
        out.append('}');
    }

    private void line(int depth) {
        if (indent != null) {
            out.append('\n').append(indent.repeat(depth));
        }
    }

    private void text(String text) {
        run.spend(text.length() / 8);
        Mask mask = run.mask();
        String plain = mask.plain(text);
        char quote = json || plain.indexOf('\'') >= 0 && plain.indexOf('"') < 0 ? '"' : '\'';
        out.append(quote);
        for (int i = 0; i < text.length(); i += Character.charCount(plain.codePointAt(i))) {
            int c = plain.codePointAt(i);
            String escaped = escaped(c, quote);
            if (escaped == null) {
                out.append(text, i, i + Character.charCount(c));
            } else {
                out.append(mask.like(text.charAt(i), escaped));
            }
        }
        out.append(quote);
    }

    /** What is written instead of a character, or null. */
    private String escaped(int c, char quote) {
        return switch (c) {
            case '\\' -> "\\\\";
            case '\n' -> "\\n";
            case '\r' -> "\\r";
            case '\t' -> "\\t";
            case '\b' -> json ? "\\b" : "\\x08";
            case '\f' -> json ? "\\f" : "\\x0c";
            default -> c == quote ? "\\" + quote
                    : json ? c < 0x20 || ascii && c > 0x7e ? units(c) : null
                    : isPrintable(c) ? null
                    : String.format(c < 0x100 ? "\\x%02x" : c < 0x10000 ? "\\u%04x" : "\\U%08x", c);
        };
    }

    private static String units(int c) {
        StringBuilder units = new StringBuilder();
        for (char unit : Character.toChars(c)) {
            units.append(String.format("\\u%04x", (int) unit));
        }
        return units.toString();
    }

    private static boolean isPrintable(int c) {
        return c == ' ' || switch (Character.getType(c)) {
            case Character.CONTROL, Character.FORMAT, Character.SURROGATE, Character.PRIVATE_USE, Character.UNASSIGNED,
                    Character.LINE_SEPARATOR, Character.PARAGRAPH_SEPARATOR, Character.SPACE_SEPARATOR -> false;
            default -> true;
        };
    }
}
