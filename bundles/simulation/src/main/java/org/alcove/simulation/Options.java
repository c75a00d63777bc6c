package org.alcove.simulation;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.alcove.commandline.CommandLine;
import org.alcove.commandline.Usage;

/**
 * What the command line asks for.
 *
 * @param speeds tokens per second of the workers
 * @param trace file of requests; if absent they are generated
 * @param loads offered work as a share of the cluster's speed; empty for a trace as it was recorded
 * @param requests how many are generated
 * @param work how their work is spread
 * @param tokens mean of their work
 * @param model how workers serve
 * @param beats seconds between two beats, from which policies learn what has ended; 0 for counts that are always right
 * @param seed of everything random
 * @param out folder for charts, if any are wanted
 */
record Options(double[] speeds, Optional<Path> trace, double[] loads, int requests, Work work, double tokens, ServiceModel model,
        double beats, long seed, Optional<Path> out) {

    static final Usage USAGE = Usage.of("simulate", """
            usage: ./alcove simulate --workers N|SPEEDS [--trace FILE|generated] [OPTIONS]
                   ./alcove simulate --choices N,N,...
              --workers SPEEDS     1000 (equal workers), 1,1,4 (their speeds) or 500x1,200x4 (groups)
              --base-speed T       tokens/s of a worker with speed 1 (20)
              --trace FILE         requests, one a line: arrival_seconds,prompt_tokens,answer_tokens, or the same as JSON
              --load L,L,...       work that comes, as a share of the cluster's speed (0.3,0.6,0.9; a file: as recorded)
              --requests M         how many are generated (100 for each worker, 60000 to 100000)
              --work KIND          fixed, exponential or heavy: how the work of generated requests is spread (exponential)
              --tokens T           tokens of a generated request, prompt and answer together, on average (400)
              --slots K            most requests a worker serves at once; the others wait (64)
              --alone A            share of a worker's speed that one request by itself can use (0.3)
              --beats S            policies learn what a worker has ended only from its beats, every S seconds (0: at once)
              --seed S             the same seed gives the same figures (1)
              --policies P,P,...   names of installed policies (all)
              --out DIR            writes charts there, in SVG
              --choices N,N,...    measures how many choices a second the policies make among so many workers""",
            "--workers", "--base-speed", "--trace", "--load", "--requests", "--work", "--tokens", "--slots", "--alone", "--beats",
            "--seed", "--policies", "--out", "--choices");

    private static final int REQUESTS_PER_WORKER = 100;
    private static final int FEWEST_REQUESTS = 60_000;
    private static final int MOST_REQUESTS_UNASKED = 100_000;
    private static final int MOST_REQUESTS = 10_000_000;
    private static final int MOST_SLOTS = 1_000_000;
    private static final int USUAL_SLOTS = 64;
    private static final double HIGHEST_LOAD = 0.99;

    /** A simulation, or a measurement of choices, as the flags say. */
    static CommandLine checked(CommandLine line) {
        if (!line.words().isEmpty()) {
            throw new IllegalArgumentException("'" + line.words().getFirst() + "' belongs to no flag");
        }
        if (line.has("--workers") == line.has("--choices")) {
            throw new IllegalArgumentException("--workers is needed, or --choices without it");
        }
        return line;
    }

    /** Reads the flags of a simulation. */
    static Options of(CommandLine line) {
        double base = line.real("--base-speed", 20, 1e-6, 1e9);
        double[] speeds = Arrays.stream(Speeds.parse(line.needed("--workers"))).map(speed -> speed * base).toArray();
        Optional<Path> trace = line.text("--trace").filter(word -> !word.equals("generated")).map(Path::of);
        if (trace.isPresent() && List.of("--requests", "--work", "--tokens").stream().anyMatch(line::has)) {
            throw new IllegalArgumentException("--requests, --work and --tokens describe generated requests; leave them out with "
                    + "a trace file");
        }
        double[] loads = trace.isPresent() && !line.has("--load") ? new double[0]
                : line.reals("--load", "0.3,0.6,0.9", 0.001, HIGHEST_LOAD);
        int usual = Math.clamp((long) REQUESTS_PER_WORKER * speeds.length, FEWEST_REQUESTS, MOST_REQUESTS_UNASKED);
        return new Options(speeds, trace, loads, line.number("--requests", 100, MOST_REQUESTS).orElse(usual),
                Work.named(line.text("--work", "exponential")), line.real("--tokens", 400, 1, 1e9),
                new ServiceModel(line.number("--slots", 1, MOST_SLOTS).orElse(USUAL_SLOTS), line.real("--alone", 0.3, 1e-6, 1)),
                line.real("--beats", 0, 0, 1e6), seed(line), line.path("--out"));
    }

    /** Numbers of workers for {@code --choices}. */
    static int[] choices(CommandLine line) {
        return line.numbers("--choices", "", 1, 100_000).stream().mapToInt(Integer::intValue).toArray();
    }

    static long seed(CommandLine line) {
        return (long) line.real("--seed", 1, 0, 1L << 52);
    }

    /** Names of the policies that are asked for; empty for all. */
    static List<String> policies(CommandLine line) {
        return line.text("--policies").map(list -> List.of(list.split(",", -1))).orElse(List.of());
    }
}
