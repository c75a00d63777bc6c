package org.alcove.commandline;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/**
 * The words and flags behind a verb. What asks for something that is not there, or is not what it should be, throws
 * {@link IllegalArgumentException} with the flag, its value and what would be right.
 */
public final class CommandLine {

    private final List<String> words;
    private final Map<String, String> flags;

    CommandLine(List<String> words, Map<String, String> flags) {
        this.words = words;
        this.flags = flags;
    }

    /** What is no flag and no flag's value, in order. */
    public List<String> words() {
        return words;
    }

    /**
     * The words, which must be so many.
     *
     * @param names what they are called in the usage, for example {@code MODEL}
     */
    public List<String> words(String... names) {
        if (words.size() != names.length) {
            throw new IllegalArgumentException(String.join(" and ", names) + (names.length == 1 ? " is" : " are") + " needed, "
                    + words.size() + (words.size() == 1 ? " word is" : " words are") + " given");
        }
        return words;
    }

    /** Whether a flag is there. */
    public boolean has(String flag) {
        return flags.containsKey(flag);
    }

    /** A flag's value. */
    public Optional<String> text(String flag) {
        return Optional.ofNullable(flags.get(flag));
    }

    /** A flag's value, or the usual one. */
    public String text(String flag, String usual) {
        return flags.getOrDefault(flag, usual);
    }

    /** The value of a flag that must be there. */
    public String needed(String flag) {
        return text(flag).orElseThrow(() -> new IllegalArgumentException(flag + " is missing"));
    }

    /** A file or folder, which may not exist. */
    public Optional<Path> path(String flag) {
        return text(flag).map(Path::of);
    }

    /** A whole number within bounds. */
    public Optional<Integer> number(String flag, int least, int most) {
        return text(flag).map(word -> number(flag, word, least, most));
    }

    /** Whole numbers with commas between them, each within bounds. */
    public List<Integer> numbers(String flag, String usual, int least, int most) {
        return Arrays.stream(text(flag, usual).split(",", -1)).map(word -> number(flag, word, least, most)).toList();
    }

    private static int number(String flag, String word, int least, int most) {
        try {
            int number = Integer.parseInt(word);
            if (number >= least && number <= most) {
                return number;
            }
        } catch (NumberFormatException notANumber) {
            // told below, with the same words as a number out of range
        }
        throw new IllegalArgumentException(flag + " " + word + " is no whole number from " + least + " to " + most);
    }

    /** A number within bounds. */
    public double real(String flag, double usual, double least, double most) {
        return text(flag).map(word -> real(flag, word, least, most)).orElse(usual);
    }

    /** Numbers with commas between them, each within bounds. */
    public double[] reals(String flag, String usual, double least, double most) {
        return Arrays.stream(text(flag, usual).split(",", -1)).mapToDouble(word -> real(flag, word, least, most)).toArray();
    }

    private static double real(String flag, String word, double least, double most) {
        try {
            double number = Double.parseDouble(word);
            if (number >= least && number <= most) {
                return number;
            }
        } catch (NumberFormatException notANumber) {
            // told below, with the same words as a number out of range
        }
        throw new IllegalArgumentException(flag + " " + word + " is not between " + least + " and " + most);
    }

    /** One of the constants of an enum, by its name in small letters. */
    public <E extends Enum<E>> Optional<E> choice(String flag, Class<E> kind) {
        return text(flag).map(word -> choice(flag, word, kind));
    }

    private static <E extends Enum<E>> E choice(String flag, String word, Class<E> kind) {
        Function<E, String> name = constant -> constant.name().toLowerCase(Locale.ROOT);
        return Arrays.stream(kind.getEnumConstants()).filter(constant -> name.apply(constant).equals(word)).findFirst()
                .orElseThrow(() -> new IllegalArgumentException(flag + " " + word + " is not known; choose one of "
                        + Arrays.stream(kind.getEnumConstants()).map(name).collect(Collectors.joining(", "))));
    }
}
