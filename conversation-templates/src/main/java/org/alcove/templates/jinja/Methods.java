package org.alcove.templates.jinja;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.alcove.api.conversation.TemplateException;

/** Functions, and the methods of mappings and lists. */
final class Methods {

    private static final int MAX_RANGE = 100_000;

    private Methods() { }

    static Object function(Run run, String name, Arguments args) {
        run.spend(4);
        Parameters.FUNCTIONS.check(name, args);
        return switch (name) {
            case "raise_exception" -> throw new TemplateException(TemplateException.Cause.CONVERSATION,
                    "the model's template refuses this conversation: "
                            + run.mask().plain(Values.print(run, args.value(0, "message", "without a reason"))));
            case "strftime_now" -> PrintedTime.of(run.now(), run.mask().plain(args.text(0, "format")));
            case "namespace" -> {
                Map<String, Object> names = new LinkedHashMap<>();
                mapping(run, args).forEach((key, value) -> names.put(run.mask().plain(Values.text(key)), value));
                yield new Values.Namespace(names);
            }
            case "dict" -> mapping(run, args);
            default -> range(run, args);
        };
    }

    static Object call(Run run, Object base, String name, Arguments args) {
        run.spend(2);
        return switch (base) {
            case String text -> Texts.call(run, text, name, args);
            case Map<?, ?> map when map.get(name) instanceof MacroTag.Macro macro -> run.call(macro, args);
            case ForTag.Loop loop when name.equals("cycle") -> cycle(loop, args);
            case Map<?, ?> map -> mapping(run, map, name, args);
            case List<?> list -> list(run, list, name, args);
            case null, default -> throw Run.fault("calls the method '" + Run.shown(name) + "' of " + Values.kind(base));
        };
    }

    private static Object cycle(ForTag.Loop loop, Arguments args) {
        if (args.listed().isEmpty() || !args.named().isEmpty()) {
            throw Run.fault("calls 'loop.cycle' with named arguments or with none");
        }
        return args.listed().get((int) (loop.index0() % args.listed().size()));
    }

    /** A mapping of the arguments, for {@code dict(...)} and {@code namespace(...)}. */
    private static Map<Object, Object> mapping(Run run, Arguments args) {
        Map<Object, Object> entries = new LinkedHashMap<>();
        putAll(run, entries, args);
        return entries;
    }

    private static void putAll(Run run, Map<Object, Object> entries, Arguments args) {
        for (Object given : args.listed()) {
            if (!(given instanceof Map<?, ?> map)) {
                throw Run.fault("makes a mapping of " + Values.kind(given));
            }
            new LinkedHashMap<>(map).forEach((key, value) -> entries.put(Values.key(run, entries, key), value));
        }
        args.named().forEach((key, value) -> entries.put(Values.key(run, entries, key), value));
    }

    @SuppressWarnings("unchecked")
    private static Object mapping(Run run, Map<?, ?> map, String name, Arguments args) {
        run.checkSize(map.size());
        Parameters.OF_MAPPING.check(name, args);
        return switch (name) {
            case "items" -> {
                List<Object> pairs = new ArrayList<>();
                map.forEach((key, value) -> pairs.add(new Values.Tuple(Arrays.asList(key, value))));
                yield pairs;
            }
            case "keys" -> new ArrayList<Object>(map.keySet());
            case "values" -> new ArrayList<Object>(map.values());
            case "get" -> {
                Object value = Values.item(run, map, args.value(0, "key", null));
                yield value == Values.UNDEFINED ? args.value(1, "default", null) : value;
            }
            case "update" -> {
                putAll(run, (Map<Object, Object>) map, args);
                yield null;
            }
            default -> new LinkedHashMap<Object, Object>(map);
        };
    }

    @SuppressWarnings("unchecked")
    private static Object list(Run run, List<?> list, String name, Arguments args) {
        run.checkSize(list.size());
        Parameters.OF_LIST.check(name, args);
        List<Object> open = (List<Object>) list;
        switch (name) {
            case "append" -> open.add(args.value(0, "object", null));
            case "extend" -> open.addAll(Values.elements(run, args.value(0, "iterable", null)));
            case "insert" -> {
                int place = args.whole(0, "index", 0);
                open.add(Math.clamp(place < 0 ? place + list.size() : place, 0, list.size()), args.value(1, "object", null));
            }
            case "pop" -> {
                int place = args.whole(0, "index", -1);
                int at = place < 0 ? place + list.size() : place;
                if (at < 0 || at >= list.size()) {
                    throw Run.fault("takes element " + place + " out of a list of " + list.size());
                }
                return open.remove(at);
            }
            case "index" -> {
                for (int i = 0; i < list.size(); i++) {
                    if (Values.equal(run, list.get(i), args.value(0, "value", null))) {
                        return (long) i;
                    }
                }
                throw Run.fault("looks for the place of something that is not in a list");
            }
            default -> {
                return list.stream().filter(item -> Values.equal(run, item, args.value(0, "value", null))).count();
            }
        }
        return null;
    }

    private static List<Object> range(Run run, Arguments args) {
        boolean single = args.listed().size() == 1;
        long from = single ? 0 : Values.whole(args.value(0, "start", 0L));
        long to = Values.whole(args.value(single ? 0 : 1, "stop", 0L));
        long step = Values.whole(args.value(2, "step", 1L));
        if (step == 0) {
            throw Run.fault("counts in steps of zero");
        }
        List<Object> numbers = new ArrayList<>();
        for (long i = from; step > 0 ? i < to : i > to; i += step) {
            if (numbers.size() == MAX_RANGE) {
                throw Run.fault("counts further than " + MAX_RANGE);
            }
            run.spend(1);
            numbers.add(i);
        }
        return numbers;
    }
}
