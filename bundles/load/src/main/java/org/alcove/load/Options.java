package org.alcove.load;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/**
 * What the command line asks for.
 *
 * @param targets servers, measured one after the other
 * @param model name of the model; empty for the first one that a server lists
 * @param concurrency streams at once, one measurement for each number
 * @param tokens length of each answer
 * @param rounds answers of each stream, one after the other
 * @param prompt text to be continued
 * @param out folder for charts, if any are wanted
 */
record Options(List<Target> targets, String model, int[] concurrency, int tokens, int rounds, String prompt, Optional<Path> out) {

    static final String USAGE = """
            usage: ./alcove load [LABEL=]URL ... [OPTIONS]
              --model NAME         model to ask for (the first that the server lists)
              --concurrency N,N    streams at once, one measurement for each number (1,2,4,8,16)
              --tokens N           length of each answer (64)
              --rounds N           answers of each stream, one after the other (3)
              --prompt TEXT        text to be continued ("Once upon a time")
              --out DIR            writes charts there, in SVG
            The key of a server that wants one is read from the environment variable ALCOVE_API_KEY.""";

    private static final Set<String> FLAGS = Set.of("--model", "--concurrency", "--tokens", "--rounds", "--prompt", "--out");
    private static final int MOST_STREAMS = 4096;
    private static final int MOST = 1_000_000;

    /**
     * Reads the command line.
     *
     * @throws IllegalArgumentException with what is wrong
     */
    static Options of(List<String> arguments) {
        List<Target> targets = new ArrayList<>();
        Map<String, String> flags = new HashMap<>();
        for (int i = 0; i < arguments.size(); i++) {
            String word = arguments.get(i);
            if (!word.startsWith("--")) {
                targets.add(Target.of(word));
            } else if (!FLAGS.contains(word)) {
                throw new IllegalArgumentException("there is no flag " + word);
            } else if (i + 1 == arguments.size()) {
                throw new IllegalArgumentException(word + " needs a value");
            } else if (flags.put(word, arguments.get(++i)) != null) {
                throw new IllegalArgumentException(word + " is given twice");
            }
        }
        if (targets.isEmpty()) {
            throw new IllegalArgumentException("the address of a server is needed");
        }
        int[] concurrency = Stream.of(flags.getOrDefault("--concurrency", "1,2,4,8,16").split(",", -1))
                .mapToInt(word -> count("--concurrency", word, MOST_STREAMS)).toArray();
        return new Options(List.copyOf(targets), flags.getOrDefault("--model", ""), concurrency,
                count("--tokens", flags.getOrDefault("--tokens", "64"), MOST),
                count("--rounds", flags.getOrDefault("--rounds", "3"), MOST),
                flags.getOrDefault("--prompt", "Once upon a time"), Optional.ofNullable(flags.get("--out")).map(Path::of));
    }

    private static int count(String flag, String word, int most) {
        try {
            int count = Integer.parseInt(word);
            if (count >= 1 && count <= most) {
                return count;
            }
        } catch (NumberFormatException notANumber) {
            // told below, with the same words as a number out of range
        }
        throw new IllegalArgumentException(flag + ": " + word + " is not a number from 1 to " + most);
    }
}
