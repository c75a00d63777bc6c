package org.alcove.load;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.alcove.commandline.CommandLine;
import org.alcove.commandline.Usage;

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
record Options(List<Target> targets, String model, List<Integer> concurrency, int tokens, int rounds, String prompt,
        Optional<Path> out) {

    static final Usage USAGE = Usage.of("load", """
            usage: ./alcove load [LABEL=]URL ... [OPTIONS]
              --model NAME         model to ask for (the first that the server lists)
              --concurrency N,N    streams at once, one measurement for each number (1,2,4,8,16)
              --tokens N           length of each answer (64)
              --rounds N           answers of each stream, one after the other (3)
              --prompt TEXT        text to be continued ("Once upon a time")
              --out DIR            writes charts there, in SVG
            The key of a server that wants one is read from the environment variable ALCOVE_API_KEY.""",
            "--model", "--concurrency", "--tokens", "--rounds", "--prompt", "--out");

    private static final int MOST_STREAMS = 4096;
    private static final int MOST = 1_000_000;
    private static final int USUAL_TOKENS = 64;
    private static final int USUAL_ROUNDS = 3;

    /**
     * Reads the command line.
     *
     * @throws IllegalArgumentException with what is wrong
     */
    static Options of(CommandLine line) {
        List<Target> targets = line.words().stream().map(Target::of).toList();
        if (targets.isEmpty()) {
            throw new IllegalArgumentException("the address of a server is needed");
        }
        return new Options(targets, line.text("--model", ""), line.numbers("--concurrency", "1,2,4,8,16", 1, MOST_STREAMS),
                line.number("--tokens", 1, MOST).orElse(USUAL_TOKENS), line.number("--rounds", 1, MOST).orElse(USUAL_ROUNDS),
                line.text("--prompt", "Once upon a time"), line.path("--out"));
    }
}
