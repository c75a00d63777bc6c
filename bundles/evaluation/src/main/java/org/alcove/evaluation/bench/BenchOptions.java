package org.alcove.evaluation.bench;

import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.alcove.commandline.CommandLine;
import org.alcove.commandline.Usage;

/**
 * What the command line asks for.
 *
 * @param model the model
 * @param prompt tokens of each prompt
 * @param generate tokens that each stream writes while it is measured
 * @param parallel streams at once, one measurement for each number
 * @param threads threads that compute; 0 for one per core
 * @param repeat runs of each measurement, after one that does not count; medians are told
 * @param json whether the figures are told as one line of JSON
 * @param out folder for the picture, if it is wanted
 */
record BenchOptions(Path model, int prompt, int generate, List<Integer> parallel, int threads, int repeat, boolean json,
        Optional<Path> out) {

    static final Usage USAGE = Usage.of("bench", """
            usage: ./alcove bench MODEL [OPTIONS]
              --prompt N         tokens of each prompt (512)
              --generate N       tokens that each stream writes while it is measured (64)
              --parallel N,N     streams at once, one measurement for each number (1,4,16)
              --threads N        threads that compute (one per core)
              --repeat N         runs of each measurement, after one to warm up; medians are told (5)
              --json             one line of JSON instead of a table
              --out DIR          draws a roofline there, in SVG""",
            "--prompt", "--generate", "--parallel", "--threads", "--repeat", "--out").and("--json");

    private static final int MOST_TOKENS = 1 << 20;
    private static final int MOST_STREAMS = 64;
    private static final int MOST_THREADS = 1024;
    private static final int MOST_REPEATS = 1000;
    private static final int USUAL_PROMPT = 512;
    private static final int USUAL_GENERATE = 64;
    private static final int USUAL_REPEAT = 5;

    /** Reads the command line. */
    static BenchOptions of(CommandLine line) {
        return new BenchOptions(Path.of(line.words("MODEL").getFirst()),
                line.number("--prompt", 1, MOST_TOKENS).orElse(USUAL_PROMPT),
                line.number("--generate", 1, MOST_TOKENS).orElse(USUAL_GENERATE),
                line.numbers("--parallel", "1,4,16", 1, MOST_STREAMS), line.number("--threads", 1, MOST_THREADS).orElse(0),
                line.number("--repeat", 1, MOST_REPEATS).orElse(USUAL_REPEAT), line.has("--json"), line.path("--out"));
    }

    /** Most streams at once. */
    int mostParallel() {
        return parallel.stream().mapToInt(Integer::intValue).max().orElseThrow();
    }

    /** Threads that compute. */
    int computing() {
        return threads == 0 ? Runtime.getRuntime().availableProcessors() : threads;
    }
}
