package org.alcove.templates.jinja;

import java.math.BigInteger;
import java.util.List;
import java.util.Map;

/** The tests of Jinja: {@code x is defined}. */
final class Checks {

    private Checks() { }

    static boolean holds(Run run, String name, Object value, Arguments args) {
        run.spend(1);
        Parameters.TESTS.check(name, args);
        return switch (name) {
            case "defined" -> value != Values.UNDEFINED;
            case "undefined" -> value == Values.UNDEFINED;
            case "none", "None" -> value == null;
            case "string" -> value instanceof String;
            case "mapping" -> value instanceof Map;
            case "iterable", "sequence" -> value instanceof String || value instanceof List || value instanceof Map
                    || value == Values.UNDEFINED;
            case "boolean" -> value instanceof Boolean;
            case "true", "True" -> Boolean.TRUE.equals(value);
            case "false", "False" -> Boolean.FALSE.equals(value);
            case "number" -> Values.isNumber(value);
            case "integer" -> value instanceof Long || value instanceof BigInteger;
            case "float" -> value instanceof Double;
            case "callable" -> value instanceof MacroTag.Macro || value instanceof Values.Function
                    || value == Values.UNDEFINED;
            case "odd" -> Math.floorMod(Values.whole(value), 2L) == 1;
            case "even" -> Math.floorMod(Values.whole(value), 2L) == 0;
            case "divisibleby" -> Values.number(args.value(0, "num", 0L)) != 0
                    && Math.floorMod(Values.whole(value), Values.whole(args.value(0, "num", 1L))) == 0;
            case "lower" -> Boolean.TRUE.equals(Texts.call(run, Values.print(run, value), "islower", Arguments.NONE));
            case "upper" -> Boolean.TRUE.equals(Texts.call(run, Values.print(run, value), "isupper", Arguments.NONE));
            default -> compared(run, name, value, args.value(0, name.equals("in") ? "seq" : "other", Values.UNDEFINED));
        };
    }

    private static boolean compared(Run run, String name, Object value, Object other) {
        return switch (name) {
            case "equalto", "eq", "==" -> Values.equal(run, value, other);
            case "ne", "!=" -> !Values.equal(run, value, other);
            case "sameas" -> value == other || value instanceof Long && value.equals(other) || value instanceof Boolean
                    && value.equals(other);
            case "in" -> Values.contains(run, other, value);
            case "gt", "greaterthan", ">" -> Values.compare(run, value, other) > 0;
            case "ge", ">=" -> Values.compare(run, value, other) >= 0;
            case "lt", "lessthan", "<" -> Values.compare(run, value, other) < 0;
            default -> Values.compare(run, value, other) <= 0;
        };
    }
}
