package org.alcove.templates.jinja;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The filters of Jinja that chat templates use. */
final class Filters {

    private static final int MAX_INDENT = 100;
    /** They take what is not true for an empty list. */
    private static final Set<String> LENIENT = Set.of("map", "select", "reject", "selectattr", "rejectattr");

    private Filters() { }

    static Object apply(Run run, String name, Object value, Arguments args) {
        run.spend(4);
        Parameters.FILTERS.check(name, args);
        return switch (name) {
            case "trim" -> run.made(Texts.strip(run.mask(), Values.print(run, value), args.value(0, "chars", null), "strip"));
            case "title" -> Texts.capitalWords(run.mask(), run.made(Values.print(run, value)));
            case "upper", "lower", "capitalize" -> Texts.letters(run.mask(), run.made(Values.print(run, value)), name);
            case "replace" -> Texts.replace(run, Values.print(run, value), args.text(0, "old"), args.text(1, "new"),
                    args.whole(2, "count", -1));
            case "default", "d" -> value == Values.UNDEFINED
                    || Values.truth(args.value(1, "boolean", false)) && !Values.truth(value)
                    ? args.value(0, "default_value", "") : value;
            case "tojson" -> Writer.json(run, value, args);
            case "string", "safe" -> Values.print(run, value);
            case "length", "count" -> length(run, value);
            case "int" -> Numbers.whole(run, value, args);
            case "float" -> Numbers.broken(run, value, args);
            case "round" -> Numbers.round(value, args);
            case "abs" -> value instanceof Double broken ? (Object) Math.abs(broken)
                    : (Object) Math.absExact(Values.whole(value));
            case "indent" -> indent(run, Values.text(value), args);
            case "items" -> value == Values.UNDEFINED ? new ArrayList<>() : Methods.call(run, value, "items", args);
            case "dictsort" -> sorted(run, Values.elements(run, Methods.call(run, value, "items", Arguments.NONE)),
                    List.of(entryPart(args)), args.value(0, "case_sensitive", false), args.value(2, "reverse", false));
            default -> list(run, name, value, args);
        };
    }

    private static Object list(Run run, String name, Object value, Arguments args) {
        List<Object> list = LENIENT.contains(name) && !Values.truth(value) ? List.of() : Values.elements(run, value);
        run.checkSize(list.size());
        return switch (name) {
            case "list" -> list;
            case "first" -> list.isEmpty() ? Values.UNDEFINED : list.getFirst();
            case "last" -> list.isEmpty() ? Values.UNDEFINED : list.getLast();
            case "reverse" -> value instanceof String ? Texts.join(run, list.reversed(), "") : new ArrayList<>(list.reversed());
            case "join" -> Texts.join(run, attributes(run, list, args.value(1, "attribute", null)),
                    Values.print(run, args.value(0, "d", "")));
            case "sum" -> sum(run, attributes(run, list, args.value(0, "attribute", null)), args.value(1, "start", 0L));
            case "unique" -> unique(run, list, keys(run, list, args));
            case "sort" -> sorted(run, list, paths(args.value(2, "attribute", null)), args.value(1, "case_sensitive", false),
                    args.value(0, "reverse", false));
            case "max", "min" -> extreme(run, list, keys(run, list, args), name.equals("max") ? 1 : -1);
            case "map" -> mapped(run, list, args);
            case "select", "reject" -> kept(run, list, args, null, name.equals("select"));
            default -> kept(run, list, args.rest(), args.text(0, "attribute"), name.equals("selectattr"));
        };
    }

    private static long length(Run run, Object value) {
        return switch (value) {
            case String text -> Characters.count(run, text);
            case List<?> list -> list.size();
            case Map<?, ?> map -> map.size();
            case null, default -> {
                if (value == Values.UNDEFINED) {
                    yield 0;
                }
                throw Run.fault("measures the length of " + Values.kind(value));
            }
        };
    }

    /** One step of indentation: a text, or so many blanks. */
    static String step(Object width) {
        if (width instanceof String text) {
            return text;
        }
        long blanks = Math.max(0, Values.whole(width));
        if (blanks > MAX_INDENT) {
            throw Run.fault("indents by " + blanks + " blanks, at most " + MAX_INDENT + " are supported");
        }
        return " ".repeat((int) blanks);
    }

    private static String indent(Run run, String text, Arguments args) {
        String step = step(args.value(0, "width", 4L));
        boolean first = Values.truth(args.value(1, "first", false));
        boolean blank = Values.truth(args.value(2, "blank", false));
        StringBuilder out = new StringBuilder();
        List<Object> lines = Texts.lines(run, text + "\n", false);
        for (int i = 0; i < lines.size(); i++) {
            boolean indented = i == 0 ? first : blank || !lines.get(i).equals("");
            out.append(i == 0 ? "" : "\n").append(indented ? step : "").append(lines.get(i));
            run.checkLength(out.length());
        }
        return run.made(out.toString());
    }

    /** By what {@code dictsort} sorts: 0 are keys, 1 are values. */
    private static Object entryPart(Arguments args) {
        Object by = args.value(1, "by", "key");
        if (!"key".equals(by) && !"value".equals(by)) {
            throw Run.fault("sorts a mapping by something other than key and value");
        }
        return "key".equals(by) ? 0L : 1L;
    }

    private static Object attribute(Run run, Object element, Object attribute) {
        Object value = element;
        if (attribute instanceof String path) {
            for (String name : path.split("\\.")) {
                value = Values.item(run, value, name.matches("\\d{1,9}") ? (Object) Long.valueOf(name) : name);
            }
            return value;
        }
        return attribute == null ? element : Values.item(run, element, attribute);
    }

    private static List<Object> attributes(Run run, List<Object> list, Object attribute) {
        List<Object> values = new ArrayList<>();
        list.forEach(element -> values.add(attribute(run, element, attribute)));
        return values;
    }

    private static Object sum(Run run, List<Object> list, Object start) {
        Object sum = start;
        for (Object element : list) {
            sum = Values.plus(run, sum, element);
        }
        return sum;
    }

    /** What elements are compared by, in filters that take {@code case_sensitive} and {@code attribute}. */
    private static List<Object> keys(Run run, List<Object> list, Arguments args) {
        boolean asIs = Values.truth(args.value(0, "case_sensitive", false));
        List<Object> keys = attributes(run, list, args.value(1, "attribute", null));
        keys.replaceAll(key -> asIs ? key : folded(run, key));
        return keys;
    }

    private static List<Object> unique(Run run, List<Object> list, List<Object> keys) {
        List<Object> unique = new ArrayList<>();
        List<Object> seen = new ArrayList<>();
        for (int i = 0; i < list.size(); i++) {
            Object key = keys.get(i);
            if (seen.stream().noneMatch(other -> Values.equal(run, key, other))) {
                seen.add(key);
                unique.add(list.get(i));
            }
        }
        return unique;
    }

    /** The attributes to sort by, one after the other. */
    private static List<Object> paths(Object attribute) {
        return attribute instanceof String text ? List.of((Object[]) text.split(",")) : Arrays.asList(attribute);
    }

    private static List<Object> sorted(Run run, List<Object> list, List<Object> paths, Object asIs, Object reverse) {
        List<Object> sorted = new ArrayList<>(list);
        int order = Values.truth(reverse) ? -1 : 1;
        sorted.sort((a, b) -> {
            run.spend(2);
            return order * Values.compare(run, sortKeys(run, a, paths, asIs), sortKeys(run, b, paths, asIs));
        });
        return sorted;
    }

    private static List<Object> sortKeys(Run run, Object element, List<Object> paths, Object asIs) {
        List<Object> keys = new ArrayList<>();
        for (Object path : paths) {
            Object key = attribute(run, element, path);
            keys.add(Values.truth(asIs) ? key : folded(run, key));
        }
        return keys;
    }

    private static Object folded(Run run, Object value) {
        return value instanceof String text ? Texts.letters(run.mask(), text, "lower") : value;
    }

    private static Object extreme(Run run, List<Object> list, List<Object> keys, int order) {
        int best = 0;
        for (int i = 1; i < list.size(); i++) {
            best = order * Values.compare(run, keys.get(i), keys.get(best)) > 0 ? i : best;
        }
        return list.isEmpty() ? Values.UNDEFINED : list.get(best);
    }

    private static List<Object> mapped(Run run, List<Object> list, Arguments args) {
        boolean ofAttribute = args.listed().isEmpty() && args.named().containsKey("attribute");
        if (ofAttribute) {
            Parameters.check("uses the filter 'map'", List.of("attribute", "default"), args);
        }
        List<Object> values = new ArrayList<>();
        Object attribute = args.named().get("attribute");
        Object preset = args.named().get("default");
        for (Object element : list) {
            if (!ofAttribute) {
                values.add(apply(run, args.text(0, "filter"), element, args.rest()));
            } else {
                Object value = attribute(run, element, attribute);
                values.add(value == Values.UNDEFINED && preset != null ? preset : value);
            }
        }
        return values;
    }

    private static List<Object> kept(Run run, List<Object> list, Arguments args, String attribute, boolean wanted) {
        List<Object> kept = new ArrayList<>();
        for (Object element : list) {
            Object value = attribute(run, element, attribute);
            boolean holds = args.listed().isEmpty() && args.named().isEmpty() ? Values.truth(value)
                    : Checks.holds(run, args.text(0, "test"), value, args.rest());
            if (holds == wanted) {
                kept.add(element);
            }
        }
        return kept;
    }
}
