package org.alcove.configuration;

import java.lang.reflect.Method;
import java.math.BigDecimal;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * The values of a configuration as they were given, each checked when it is read: what cannot be is refused with its key, its
 * file and what is possible, instead of being converted to what was not meant. Keys and defaults are those of the annotation
 * that describes the configuration; a key without a default is empty.
 */
public final class GivenValues {

    /** Beginnings of keys that the platform adds, and that those add who make configurations; a dot begins a private one. */
    private static final List<String> FOREIGN = List.of("service.", "felix.", "component.", "osgi.", "alcove.", ".");
    /** Ends of keys by which the platform binds references. */
    private static final List<String> BINDING = List.of(".target", ".cardinality.minimum");
    /** What the configurations' plug-in for such values would have replaced. */
    private static final Pattern UNREPLACED = Pattern.compile("\\$\\[(?:prop|env|secret|conf):");
    private static final String FILE = "felix.fileinstall.filename";
    private static final String PID = "service.pid";
    /** Letters that may differ, at one place, between a key and what somebody typed. */
    private static final int TYPING_ERROR = 2;

    private final Map<String, Object> given;
    private final Map<String, Object> defaults;

    /** @param form describes the configuration; its methods are written as OSGi wants it, with two underscores for one */
    public GivenValues(Class<?> form, Map<String, Object> given) {
        this.given = given;
        this.defaults = new TreeMap<>();
        for (Method method : form.getDeclaredMethods()) {
            Object value = method.getDefaultValue();
            defaults.put(method.getName().replace("__", "_"), value == null ? "" : value);
        }
    }

    /** File or name of the configuration; of several their names, since nobody knows from which of them a value came. */
    private String place() {
        if (isOneOfSeveral()) {
            return String.join(" or ", texts(PID));
        }
        if (given.get(FILE) instanceof String file) {
            return file.substring(file.lastIndexOf('/') + 1);
        }
        return given.get(PID) instanceof String pid ? pid : "its configuration";
    }

    /** Whether the values come from several configurations, each of which may have keys for others. */
    boolean isOneOfSeveral() {
        return given.get(PID) instanceof Collection<?> || given.get(PID) instanceof Object[];
    }

    private Object value(String key) {
        return given.getOrDefault(key, defaults.get(key));
    }

    public String text(String key) {
        Object value = value(key);
        return value instanceof Object[] many ? Arrays.toString(many) : String.valueOf(value);
    }

    /** Some texts; a single one may be given without brackets. */
    public List<String> texts(String key) {
        return switch (value(key)) {
            case Object[] many -> Arrays.stream(many).map(String::valueOf).toList();
            case Collection<?> many -> many.stream().map(String::valueOf).toList();
            case Object one -> List.of(String.valueOf(one));
        };
    }

    /**
     * A folder that somebody has to name: the one in which the process happened to be started is none.
     *
     * @throws IllegalArgumentException if it is empty, or no path
     */
    public Path folder(String key) {
        if (text(key).isBlank()) {
            throw refusal(key, "the path of a folder is needed");
        }
        return Path.of(text(key));
    }

    /** @throws IllegalArgumentException if it is neither yes nor no */
    public boolean flag(String key) {
        return switch (text(key).strip().toLowerCase(Locale.ROOT)) {
            case "true" -> true;
            case "false" -> false;
            default -> throw refusal(key, "true and false are possible");
        };
    }

    /** @throws IllegalArgumentException if it is no whole number, or less than this */
    public int integer(String key, int least) {
        return integer(key, least, Integer.MAX_VALUE);
    }

    /** @throws IllegalArgumentException if it is no whole number, or out of its range */
    public int integer(String key, int least, int most) {
        return (int) whole(key, least, most);
    }

    /** @throws IllegalArgumentException if it is no whole number, or out of its range */
    public long whole(String key, long least, long most) {
        String possible = "a whole number from " + least + " to " + most + " is possible";
        BigDecimal number = number(key, possible);
        if (number.compareTo(BigDecimal.valueOf(least)) < 0 || number.compareTo(BigDecimal.valueOf(most)) > 0
                || number.stripTrailingZeros().scale() > 0) {
            throw refusal(key, possible);
        }
        return number.longValueExact();
    }

    /** @throws IllegalArgumentException if it is no number */
    public double fraction(String key) {
        return number(key, "a number is possible").doubleValue();
    }

    private BigDecimal number(String key, String possible) {
        try {
            return new BigDecimal(text(key).strip());
        } catch (NumberFormatException e) {
            throw refusal(key, possible);
        }
    }

    /**
     * Sees that what stands as {@code $[prop:…]} in the file has got its values: where one of them is not of the type that it
     * names, none or only some are replaced, and whichever is read first would be blamed.
     *
     * @throws IllegalArgumentException if some are still there; which value is at fault stands in the log alone
     */
    public void requireReplaced() {
        if (given.values().stream().anyMatch(value -> value instanceof String text && UNREPLACED.matcher(text).find())) {
            throw new IllegalArgumentException("a value in " + place() + " that is written as $[…] is not of its type; the log"
                    + " says just before this what cannot be converted, and another value is needed in the file, or in the flag"
                    + " that it names");
        }
    }

    /** That a value cannot be, where it stands and what can be instead. */
    public IllegalArgumentException refusal(String key, String possible) {
        return new IllegalArgumentException(key + " in " + place() + " is \"" + text(key) + "\"; " + possible);
    }

    /** What is to be said about keys that nobody reads, a sentence each. */
    public List<String> strangers() {
        return given.keySet().stream().sorted().filter(key -> !defaults.containsKey(key) && !key.equals("objectClass"))
                .filter(key -> FOREIGN.stream().noneMatch(key::startsWith) && BINDING.stream().noneMatch(key::endsWith))
                .map(key -> "The key " + key + " in " + place() + " is not known and has no effect" + near(key)).toList();
    }

    private String near(String key) {
        Stream<String> near = defaults.keySet().stream().filter(known -> isNear(known, key.toLowerCase(Locale.ROOT)));
        return near.findFirst().map(known -> "; did you mean " + known + "?")
                .orElse("; there are " + String.join(", ", defaults.keySet()));
    }

    /** Whether two words differ at one place only, by a few letters. */
    private static boolean isNear(String one, String other) {
        int shorter = Math.min(one.length(), other.length());
        int start = 0;
        while (start < shorter && one.charAt(start) == other.charAt(start)) {
            start++;
        }
        int end = 0;
        while (end < shorter - start && one.charAt(one.length() - 1 - end) == other.charAt(other.length() - 1 - end)) {
            end++;
        }
        return Math.max(one.length(), other.length()) - start - end <= TYPING_ERROR;
    }
}
