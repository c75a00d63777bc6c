package org.alcove.templates.jinja;

import com.hubspot.jinjava.lib.fn.MacroFunction;
import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.alcove.api.conversation.TemplateException;

/** Functions, and the methods of mappings and lists. */
final class Methods {

    private static final int MAX_RANGE = 100_000;

    static final Set<String> FUNCTIONS = Set.of("raise_exception", "strftime_now", "namespace", "dict", "range");

    private Methods() { }

    static Object function(Run run, String name, Arguments args) {
        run.spend(4);
        return switch (name) {
            case "raise_exception" -> throw new TemplateException(TemplateException.Cause.CONVERSATION,
                    "the model's template refuses this conversation: "
                            + run.mask().plain(Values.print(run, args.value(0, "message", "without a reason"))));
            case "strftime_now" -> time(run.now(), run.mask().plain(args.text(0, "format")));
            case "namespace" -> new Values.Namespace(Filters.named(args));
            case "dict" -> Filters.named(args);
            default -> range(run, args);
        };
    }

    static Object call(Run run, Object base, String name, Arguments args) {
        run.spend(2);
        return switch (base) {
            case String text -> Texts.call(run, text, name, args);
            case Map<?, ?> map when map.get(name) instanceof MacroFunction macro -> run.call(macro, args.listed().toArray());
            case ForTag.Loop loop when name.equals("cycle") -> args.listed().get((int) (loop.index0() % args.listed().size()));
            case Map<?, ?> map -> mapping(run, map, name, args);
            case List<?> list -> list(run, list, name, args);
            case null, default -> throw Run.fault("calls the method '" + Run.shown(name) + "' of " + Values.kind(base));
        };
    }

    @SuppressWarnings("unchecked")
    private static Object mapping(Run run, Map<?, ?> map, String name, Arguments args) {
        run.checkSize(map.size());
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
                ((Map<Object, Object>) map).putAll(Filters.named(args));
                yield null;
            }
            case "copy" -> new java.util.LinkedHashMap<Object, Object>(map);
            default -> throw Run.fault("calls the method '" + Run.shown(name) + "' of a mapping, which is not supported");
        };
    }

    @SuppressWarnings("unchecked")
    private static Object list(Run run, List<?> list, String name, Arguments args) {
        run.checkSize(list.size());
        List<Object> open = (List<Object>) list;
        switch (name) {
            case "append" -> open.add(args.value(0, "object", null));
            case "extend" -> open.addAll(Values.elements(args.value(0, "iterable", null)));
            case "insert" -> open.add(Math.clamp(args.whole(0, "index", 0), 0, list.size()), args.value(1, "object", null));
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
            case "count" -> {
                return list.stream().filter(item -> Values.equal(run, item, args.value(0, "value", null))).count();
            }
            default -> throw Run.fault("calls the method '" + Run.shown(name) + "' of a list, which is not supported");
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

    /** A moment as C's {@code strftime} prints it. */
    static String time(LocalDateTime now, String format) {
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < format.length(); i++) {
            char c = format.charAt(i);
            if (c != '%' || i + 1 == format.length()) {
                out.append(c);
                continue;
            }
            char field = format.charAt(++i);
            boolean bare = field == '-' && i + 1 < format.length();
            String pattern = pattern(bare ? format.charAt(++i) : field);
            String text = pattern.equals("%") ? "%" : now.format(DateTimeFormatter.ofPattern(pattern, Locale.ENGLISH));
            out.append(bare ? text.replaceFirst("^0(?=.)", "") : text);
        }
        return out.toString();
    }

    private static String pattern(char field) {
        return switch (field) {
            case 'Y' -> "yyyy";
            case 'y' -> "yy";
            case 'm' -> "MM";
            case 'd' -> "dd";
            case 'e' -> "ppd";
            case 'H' -> "HH";
            case 'I' -> "hh";
            case 'M' -> "mm";
            case 'S' -> "ss";
            case 'f' -> "SSSSSS";
            case 'p' -> "a";
            case 'A' -> "EEEE";
            case 'a' -> "EEE";
            case 'B' -> "MMMM";
            case 'b', 'h' -> "MMM";
            case 'j' -> "DDD";
            case 'F' -> "yyyy-MM-dd";
            case 'T' -> "HH:mm:ss";
            case 'D' -> "MM/dd/yy";
            case 'R' -> "HH:mm";
            case '%' -> "%";
            default -> throw Run.fault("prints the time with '%" + Run.shown(String.valueOf(field))
                    + "', which is not supported");
        };
    }
}
