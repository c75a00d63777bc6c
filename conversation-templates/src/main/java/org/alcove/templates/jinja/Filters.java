package org.alcove.templates.jinja;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The filters of Jinja that chat templates use. */
final class Filters {

    private Filters() { }

    static Object apply(Run run, String name, Object value, Arguments args) {
        run.spend(4);
        return switch (name) {
            case "trim" -> run.made(Texts.strip(run.mask(), Values.print(run, value), args.value(0, "chars", null), "strip"));
            case "upper", "lower", "title", "capitalize" -> Texts.letters(run.mask(), run.made(Values.print(run, value)), name);
            case "replace" -> Texts.replace(run, Values.print(run, value), args.text(0, "old"), args.text(1, "new"),
                    args.whole(2, "count", -1));
            case "default", "d" -> value == Values.UNDEFINED
                    || Values.truth(args.value(1, "boolean", false)) && !Values.truth(value)
                    ? args.value(0, "default_value", "") : value;
            case "tojson" -> Writer.json(run, value, args);
            case "string", "safe" -> Values.print(run, value);
            case "length", "count" -> length(run, value);
            case "int" -> number(run, value, args).longValue();
            case "float" -> number(run, value, args).doubleValue();
            case "abs" -> value instanceof Double broken ? (Object) Math.abs(broken)
                    : (Object) Math.absExact(Values.whole(value));
            case "indent" -> indent(run, Values.print(run, value), args);
            case "items" -> Methods.call(run, value, "items", args);
            case "dictsort" -> sorted(run, pairs(value), new Arguments(List.of(), Map.of("attribute", 0L)));
            default -> list(run, name, value, args);
        };
    }

    private static Object list(Run run, String name, Object value, Arguments args) {
        List<Object> list = Values.elements(value);
        run.checkSize(list.size());
        return switch (name) {
            case "list" -> list;
            case "first" -> list.isEmpty() ? Values.UNDEFINED : list.getFirst();
            case "last" -> list.isEmpty() ? Values.UNDEFINED : list.getLast();
            case "reverse" -> value instanceof String ? Texts.join(run, list.reversed(), "") : new ArrayList<>(list.reversed());
            case "join" -> Texts.join(run, attributes(run, list, args.value(1, "attribute", null)),
                    Values.print(run, args.value(0, "d", "")));
            case "sum" -> sum(run, attributes(run, list, args.value(0, "attribute", null)));
            case "unique" -> unique(run, list);
            case "sort" -> sorted(run, list, args);
            case "max", "min" -> extreme(run, list, name.equals("max") ? 1 : -1);
            case "map" -> mapped(run, list, args);
            case "select", "reject" -> kept(run, list, args, null, name.equals("select"));
            case "selectattr", "rejectattr" -> kept(run, list, args.rest(), args.text(0, "attribute"), name.equals("selectattr"));
            default -> throw Run.fault("uses the filter '" + Run.shown(name) + "', which is not supported");
        };
    }

    private static long length(Run run, Object value) {
        return switch (value) {
            case String text -> run.mask().plain(text).codePointCount(0, text.length());
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

    private static Number number(Run run, Object value, Arguments args) {
        try {
            return value instanceof String text ? Double.valueOf(run.mask().plain(text).strip()) : (Number) Values.number(value);
        } catch (NumberFormatException e) {
            return Values.number(args.value(0, "default", 0L));
        }
    }

    private static String indent(Run run, String text, Arguments args) {
        Object width = args.value(0, "width", 4L);
        String step = width instanceof String given ? given : " ".repeat(Math.clamp(Values.whole(width), 0, 100));
        boolean first = Values.truth(args.value(1, "first", false));
        boolean blank = Values.truth(args.value(2, "blank", false));
        StringBuilder out = new StringBuilder();
        String[] lines = text.split("\n", -1);
        for (int i = 0; i < lines.length; i++) {
            boolean indented = i == 0 ? first : blank || !lines[i].isEmpty();
            out.append(i == 0 ? "" : "\n").append(indented ? step : "").append(lines[i]);
            run.checkLength(out.length());
        }
        return run.made(out.toString());
    }

    private static List<Object> pairs(Object value) {
        if (!(value instanceof Map<?, ?> map)) {
            throw Run.fault("takes the entries of " + Values.kind(value));
        }
        List<Object> pairs = new ArrayList<>();
        map.forEach((key, item) -> pairs.add(new Values.Tuple(Arrays.asList(key, item))));
        return pairs;
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

    private static Object sum(Run run, List<Object> list) {
        Object sum = 0L;
        for (Object element : list) {
            sum = Values.plus(run, sum, element);
        }
        return sum;
    }

    private static List<Object> unique(Run run, List<Object> list) {
        List<Object> unique = new ArrayList<>();
        for (Object element : list) {
            if (unique.stream().noneMatch(other -> Values.equal(run, element, other))) {
                unique.add(element);
            }
        }
        return unique;
    }

    private static List<Object> sorted(Run run, List<Object> list, Arguments args) {
        Object attribute = args.value(2, "attribute", null);
        List<Object> sorted = new ArrayList<>(list);
        int order = Values.truth(args.value(0, "reverse", false)) ? -1 : 1;
        sorted.sort((a, b) -> {
            run.spend(2);
            return order * Values.compare(run, folded(run, attribute(run, a, attribute)),
                    folded(run, attribute(run, b, attribute)));
        });
        return sorted;
    }

    private static Object folded(Run run, Object value) {
        return value instanceof String text ? Texts.letters(run.mask(), text, "lower") : value;
    }

    private static Object extreme(Run run, List<Object> list, int order) {
        Object best = list.isEmpty() ? Values.UNDEFINED : list.getFirst();
        for (Object element : list) {
            best = order * Values.compare(run, element, best) > 0 ? element : best;
        }
        return best;
    }

    private static List<Object> mapped(Run run, List<Object> list, Arguments args) {
        List<Object> values = new ArrayList<>();
        Object attribute = args.named().get("attribute");
        Object preset = args.named().getOrDefault("default", Values.UNDEFINED);
        for (Object element : list) {
            if (attribute == null) {
                values.add(apply(run, args.text(0, "filter"), element, args.rest()));
            } else {
                Object value = attribute(run, element, attribute);
                values.add(value == Values.UNDEFINED ? preset : value);
            }
        }
        return values;
    }

    private static List<Object> kept(Run run, List<Object> list, Arguments args, String attribute, boolean wanted) {
        List<Object> kept = new ArrayList<>();
        for (Object element : list) {
            Object value = attribute(run, element, attribute);
            boolean holds = args.listed().isEmpty() ? Values.truth(value)
                    : Checks.holds(run, args.text(0, "test"), value, args.rest());
            if (holds == wanted) {
                kept.add(element);
            }
        }
        return kept;
    }

    /** A mapping of the arguments, for {@code dict(...)} and {@code namespace(...)}. */
    static Map<String, Object> named(Arguments args) {
        Map<String, Object> names = new LinkedHashMap<>();
        args.listed().forEach(given -> {
            if (given instanceof Map<?, ?> map) {
                map.forEach((key, value) -> names.put(Values.text(key), value));
            } else {
                throw Run.fault("makes a mapping of " + Values.kind(given));
            }
        });
        names.putAll(args.named());
        return names;
    }
}
