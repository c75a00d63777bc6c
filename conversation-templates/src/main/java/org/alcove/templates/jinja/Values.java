package org.alcove.templates.jinja;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * The values an expression may hold and what it may do with them: text, whole and broken numbers (Long, Double, and BigInteger
 * for those that are only printed), true and false, none (null), {@link #UNDEFINED}, lists, mappings, {@link Namespace}. Nothing
 * of Java can be reached from them.
 */
final class Values {

    /** A name, key or index that is not there. */
    static final Object UNDEFINED = new Object();

    /** What {@code namespace()} makes: names that outlive the scope they are set in. */
    record Namespace(Map<String, Object> names) { }

    /** A list that prints itself in parentheses. */
    static final class Tuple extends ArrayList<Object> {

        private static final long serialVersionUID = 1L;

        Tuple(Collection<?> items) {
            super(items);
        }
    }

    /** A function that is always there. */
    record Function(String name) { }

    private Values() { }

    /** Given data with stand-ins instead of its characters. */
    static Object given(Mask mask, Object value) {
        return switch (value) {
            case null -> null;
            case String text -> mask.cover(text);
            case Boolean truth -> truth;
            case Float number -> number.doubleValue();
            case Double number -> number;
            case BigDecimal number -> number.doubleValue();
            case BigInteger number -> Numbers.narrowed(number);
            case Number number -> number.longValue();
            case Map<?, ?> map -> {
                Map<Object, Object> copy = new LinkedHashMap<>();
                map.forEach((key, item) -> copy.put(mask.cover(String.valueOf(key)), given(mask, item)));
                yield copy;
            }
            case Collection<?> list -> {
                List<Object> copy = new ArrayList<>();
                list.forEach(item -> copy.add(given(mask, item)));
                yield copy;
            }
            default -> mask.cover(value.toString());
        };
    }

    static boolean truth(Object value) {
        return switch (value) {
            case null -> false;
            case Boolean truth -> truth;
            case String text -> !text.isEmpty();
            case Long number -> number != 0;
            case Double number -> number != 0;
            case Collection<?> list -> !list.isEmpty();
            case Map<?, ?> map -> !map.isEmpty();
            default -> value != UNDEFINED;
        };
    }

    static boolean equal(Run run, Object left, Object right) {
        run.spend(1);
        return switch (left) {
            case String a when right instanceof String b -> {
                run.spend(Math.min(a.length(), b.length()) / 8);
                yield a.length() == b.length() && run.mask().plain(a).equals(run.mask().plain(b));
            }
            case List<?> a when right instanceof List<?> b -> {
                boolean same = a.size() == b.size();
                for (int i = 0; same && i < a.size(); i++) {
                    same = equal(run, a.get(i), b.get(i));
                }
                yield same;
            }
            case Map<?, ?> a when right instanceof Map<?, ?> b -> {
                boolean same = a.size() == b.size();
                for (Map.Entry<?, ?> entry : a.entrySet()) {
                    same = same && equal(run, entry.getValue(), item(run, b, entry.getKey()));
                }
                yield same;
            }
            case null, default -> isNumber(left) && isNumber(right) ? compareNumbers(left, right) == 0
                    : Objects.equals(left, right);
        };
    }

    static boolean isNumber(Object value) {
        return value instanceof Number || value instanceof Boolean;
    }

    static double number(Object value) {
        return switch (value) {
            case Number number -> number.doubleValue();
            case Boolean truth -> truth ? 1 : 0;
            case null, default -> throw Run.fault("calculates with " + kind(value));
        };
    }

    static long whole(Object value) {
        return switch (value) {
            case Long number -> number;
            case Boolean truth -> truth ? 1 : 0;
            case BigInteger number -> throw Run.fault("calculates with a whole number of more than 64 bits");
            case null, default -> throw Run.fault("needs a whole number where it has " + kind(value));
        };
    }

    static int compare(Run run, Object left, Object right) {
        if (left instanceof String a && right instanceof String b) {
            run.spend(Math.min(a.length(), b.length()) / 8);
            return Arrays.compare(run.mask().plain(a).codePoints().toArray(), run.mask().plain(b).codePoints().toArray());
        }
        if (left instanceof List<?> a && right instanceof List<?> b) {
            int order = 0;
            for (int i = 0; order == 0 && i < Math.min(a.size(), b.size()); i++) {
                order = equal(run, a.get(i), b.get(i)) ? 0 : compare(run, a.get(i), b.get(i));
            }
            return order == 0 ? Integer.compare(a.size(), b.size()) : order;
        }
        return compareNumbers(left, right);
    }

    private static int compareNumbers(Object left, Object right) {
        double a = number(left) + 0.0;
        double b = number(right) + 0.0;
        return left instanceof Double || right instanceof Double ? Double.compare(a, b)
                : Numbers.exact(left).compareTo(Numbers.exact(right));
    }

    static boolean contains(Run run, Object container, Object wanted) {
        return switch (container) {
            case String text -> {
                run.spend(text.length() / 8);
                yield run.mask().plain(text).contains(run.mask().plain(text(wanted)));
            }
            case List<?> list -> list.stream().anyMatch(item -> equal(run, item, wanted));
            case Map<?, ?> map -> item(run, map, wanted) != UNDEFINED;
            case null, default -> {
                if (container == UNDEFINED) {
                    yield false;
                }
                throw Run.fault("looks for something in " + kind(container));
            }
        };
    }

    /** An element, a value of a mapping, a character; none has nothing that could be defined. */
    static Object item(Run run, Object base, Object key) {
        return switch (base) {
            case List<?> list when key instanceof Boolean -> item(run, list, whole(key));
            case String text when key instanceof Boolean -> item(run, text, whole(key));
            case Map<?, ?> map -> {
                Object own = key(run, map, key);
                yield map.containsKey(own) ? map.get(own) : UNDEFINED;
            }
            case Namespace namespace when key instanceof String name -> namespace.names().getOrDefault(name, UNDEFINED);
            case List<?> list when key instanceof Long index -> place(index, list.size()) < 0 ? UNDEFINED
                    : list.get(place(index, list.size()));
            case String text when key instanceof Long index ->
                    Objects.requireNonNullElse(Characters.at(run, text, index), UNDEFINED);
            case null, default -> {
                if (base == UNDEFINED) {
                    throw Run.fault("reads '" + Run.shown(String.valueOf(key)) + "' of something undefined");
                }
                yield UNDEFINED;
            }
        };
    }

    /** The key of a mapping that equals this one: a text with stand-ins is one without, and 1 is 1.0 and true. */
    static Object key(Run run, Map<?, ?> map, Object key) {
        if (map.containsKey(key)) {
            return key;
        }
        if (key instanceof String text) {
            String plain = run.mask().plain(text);
            String covered = run.mask().cover(plain);
            return map.containsKey(covered) ? covered : map.containsKey(plain) ? plain : run.mask().unmarked(text);
        }
        double number = isNumber(key) ? number(key) : Double.NaN;
        boolean exact = number == Math.rint(number) && Math.abs(number) < 1L << 53;
        return !exact ? key : map.containsKey((long) number) ? (Object) (long) number : map.containsKey(number) ? (Object) number
                : map.containsKey(number == 1) && (number == 0 || number == 1) ? (Object) (number == 1) : key;
    }

    private static int place(long index, int size) {
        long place = index < 0 ? index + size : index;
        return place < 0 || place >= size ? -1 : (int) place;
    }

    /** The elements a loop runs over: of a list, the keys of a mapping, the characters of a text. */
    static List<Object> elements(Run run, Object value) {
        return switch (value) {
            case List<?> list -> new ArrayList<>(list);
            case Map<?, ?> map -> new ArrayList<>(map.keySet());
            case String text -> Characters.of(run, text);
            case null, default -> {
                if (value == UNDEFINED) {
                    yield new ArrayList<>();
                }
                throw Run.fault("runs over " + kind(value));
            }
        };
    }

    static String text(Object value) {
        if (value instanceof String text) {
            return text;
        }
        throw Run.fault("needs a text where it has " + kind(value));
    }

    static Object plus(Run run, Object left, Object right) {
        if (left instanceof String a && right instanceof String b) {
            run.checkLength((long) a.length() + b.length());
            return run.made(a + b);
        }
        if (left instanceof List<?> a && right instanceof List<?> b) {
            run.checkSize((long) a.size() + b.size());
            List<Object> both = new ArrayList<>(a);
            both.addAll(b);
            return like(a, both);
        }
        if (!isNumber(left) || !isNumber(right)) {
            throw Run.fault("adds " + kind(right) + " to " + kind(left));
        }
        return left instanceof Double || right instanceof Double ? (Object) (number(left) + number(right))
                : (Object) Math.addExact(whole(left), whole(right));
    }

    static Object times(Run run, Object left, Object right) {
        Object many = isNumber(left) ? right : left;
        if (many instanceof String || many instanceof List<?>) {
            long times = Math.max(0, whole(many == left ? right : left));
            if (many instanceof String text) {
                run.checkLength(Math.multiplyExact(times, text.length()));
                return run.made(text.repeat((int) Math.min(times, Integer.MAX_VALUE)));
            }
            List<Object> all = new ArrayList<>();
            run.checkSize(Math.multiplyExact(times, ((List<?>) many).size()));
            for (long i = 0; i < times && !((List<?>) many).isEmpty(); i++) {
                all.addAll((List<?>) many);
            }
            return like(many, all);
        }
        return left instanceof Double || right instanceof Double ? (Object) (number(left) * number(right))
                : (Object) Math.multiplyExact(whole(left), whole(right));
    }

    /** Elements in parentheses, where those they come from were. */
    static List<Object> like(Object model, List<Object> elements) {
        return model instanceof Tuple ? new Tuple(elements) : elements;
    }

    /** How a value is printed, as Python's {@code str}. */
    static String print(Run run, Object value) {
        return value instanceof String text ? text : value == UNDEFINED ? "" : Writer.literal(run, value);
    }

    /** What a value is, for messages. */
    static String kind(Object value) {
        return switch (value) {
            case null -> "none";
            case String text -> "a text";
            case Boolean truth -> "true or false";
            case Number number -> "a number";
            case List<?> list -> "a list";
            case Map<?, ?> map -> "a mapping";
            case Namespace namespace -> "a namespace";
            default -> value == UNDEFINED ? "something undefined" : "a function";
        };
    }
}
