package org.alcove.evaluation;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.Set;

/**
 * What the command line asks for.
 *
 * @param model the model
 * @param text file of text
 * @param context most tokens of a window, if given
 * @param stride from one window to the next, if given
 * @param windows how the text is cut
 * @param reference model to compare with, if any
 */
record PerplexityOptions(Path model, Path text, OptionalInt context, OptionalInt stride, Windows windows,
        Optional<Path> reference) {

    static final String USAGE = """
            usage: ./alcove perplexity MODEL TEXT [OPTIONS]
              --context N        tokens of a window (512, or the model's context where that is less)
              --stride N         tokens from one window to the next (half a window)
              --windows KIND     strided (every token is scored once) or halves (as llama.cpp's tool does it: windows side by
                                 side, the second half of each is scored)
              --against MODEL    a reference: also says how far the model's predictions are from its""";

    private static final Set<String> FLAGS = Set.of("--context", "--stride", "--windows", "--against");
    private static final int LEAST_CONTEXT = 4;

    /**
     * Reads the command line.
     *
     * @throws IllegalArgumentException with what is wrong
     */
    static PerplexityOptions of(List<String> arguments) {
        List<Path> paths = new ArrayList<>();
        Map<String, String> flags = new HashMap<>();
        for (int i = 0; i < arguments.size(); i++) {
            String word = arguments.get(i);
            if (!word.startsWith("--")) {
                paths.add(Path.of(word));
            } else if (!FLAGS.contains(word)) {
                throw new IllegalArgumentException("there is no flag " + word);
            } else if (i + 1 == arguments.size()) {
                throw new IllegalArgumentException(word + " needs a value");
            } else if (flags.put(word, arguments.get(++i)) != null) {
                throw new IllegalArgumentException(word + " is given twice");
            }
        }
        if (paths.size() != 2) {
            throw new IllegalArgumentException("MODEL and TEXT are needed, " + paths.size() + " paths are given");
        }
        OptionalInt context = count(flags, "--context", LEAST_CONTEXT);
        OptionalInt stride = count(flags, "--stride", 1);
        Windows windows = windows(flags.getOrDefault("--windows", "strided"));
        if (windows == Windows.HALVES && stride.isPresent()) {
            throw new IllegalArgumentException("--stride has no meaning with --windows halves; leave one out");
        }
        return new PerplexityOptions(paths.getFirst(), paths.getLast(), context, stride, windows,
                Optional.ofNullable(flags.get("--against")).map(Path::of));
    }

    private static Windows windows(String word) {
        for (Windows windows : Windows.values()) {
            if (windows.name().toLowerCase(Locale.ROOT).equals(word)) {
                return windows;
            }
        }
        throw new IllegalArgumentException("--windows " + word + " is not known; choose strided or halves");
    }

    private static OptionalInt count(Map<String, String> flags, String flag, int least) {
        String word = flags.get(flag);
        if (word == null) {
            return OptionalInt.empty();
        }
        try {
            int count = Integer.parseInt(word);
            if (count >= least) {
                return OptionalInt.of(count);
            }
        } catch (NumberFormatException notANumber) {
            // told below, with the same words as a number out of range
        }
        throw new IllegalArgumentException(flag + " " + word + " is no whole number of at least " + least);
    }
}
