package org.alcove.templates.jinja;

import java.util.List;
import java.util.Map;

/** Writes values as JSON or as Python prints them; the text of a value keeps its stand-ins. */
final class Writer {

    private static final int MAX_DEPTH = 60;

    private final Run run;
    private final boolean json;
    private final boolean ascii;
    private final String indent;
    private final String comma;
    private final String colon;
    private final StringBuilder out = new StringBuilder();

    private Writer(Run run, boolean json, boolean ascii, String indent, String[] separators) {
        this.run = run;
        this.json = json;
        this.ascii = ascii;
        this.indent = indent;
        this.comma = separators[0];
        this.colon = separators[1];
    }

    /** The value as Python's {@code repr} shows it. */
    static String literal(Run run, Object value) {
        Writer writer = new Writer(run, false, false, null, new String[] {", ", ": "});
        writer.write(value, 0);
        return run.made(writer.out.toString());
    }

    /** The filter {@code tojson} as the model's makers have it: Python's separators, nothing escaped for HTML. */
    static String json(Run run, Object value, Arguments args) {
        Object indent = args.value(1, "indent", args.value(0, "indent", null));
        Object separators = args.value(2, "separators", null);
        String[] parts = {indent == null ? ", " : ",", ": "};
        if (separators instanceof List<?> two && two.size() == 2) {
            parts = new String[] {Values.text(two.get(0)), Values.text(two.get(1))};
        }
        boolean ascii = Values.truth(args.named().getOrDefault("ensure_ascii", false));
        Object sorted = args.named().get("sort_keys");
        if (Values.truth(sorted == null ? Boolean.FALSE : sorted)) {
            throw Run.fault("sorts keys in tojson, which is not supported");
        }
        String step = indent == null ? null : indent instanceof String text ? text
                : " ".repeat(Math.clamp(Values.whole(indent), 0, 16));
        Writer writer = new Writer(run, true, ascii, step, parts);
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
            case null -> out.append(json ? "null" : "None");
            case Boolean truth -> out.append(json ? truth.toString() : truth ? "True" : "False");
            case Number number -> out.append(number(number));
            case String text -> text(text);
            case List<?> list -> list(list, depth);
            case Map<?, ?> map -> map(map, depth);
            case Values.Namespace namespace -> map(namespace.names(), depth);
            default -> throw Run.fault("prints " + Values.kind(value));
        }
    }

    private static String number(Number number) {
        String text = number.toString();
        return number instanceof Double && text.contains("E") ? text.replace(".0E", "e").replace('E', 'e') : text;
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
        for (Map.Entry<?, ?> entry : map.entrySet()) {
            out.append(count++ == 0 ? "" : comma);
            line(depth + 1);
            write(json && !(entry.getKey() instanceof String) ? literal(run, entry.getKey()) : entry.getKey(), depth + 1);
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
        for (int i = 0; i < text.length(); i++) {
            char c = text.charAt(i);
            String escaped = escaped(plain.charAt(i), quote);
            if (escaped == null) {
                out.append(c);
            } else {
                out.append(mask.like(c, escaped));
            }
        }
        out.append(quote);
    }

    private String escaped(char c, char quote) {
        return switch (c) {
            case '\\' -> "\\\\";
            case '\n' -> "\\n";
            case '\r' -> "\\r";
            case '\t' -> "\\t";
            case '\b' -> json ? "\\b" : "\\x08";
            case '\f' -> json ? "\\f" : "\\x0c";
            default -> c == quote ? "\\" + quote
                    : c < 0x20 || c == 0x7f && !json ? String.format(json ? "\\u%04x" : "\\x%02x", (int) c)
                    : ascii && c > 0x7e ? String.format("\\u%04x", (int) c) : null;
        };
    }
}
