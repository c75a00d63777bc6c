package org.alcove.simulation;

import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

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
 * @param policies names of the policies; empty for all that are installed
 * @param out folder for charts, if any are wanted
 */
record Options(double[] speeds, Optional<Path> trace, double[] loads, int requests, Work work, double tokens, ServiceModel model,
        double beats, long seed, List<String> policies, Optional<Path> out) {

    static final String USAGE = """
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
              --choices N,N,...    measures how many choices a second the policies make among so many workers""";

    private static final Set<String> FLAGS = Set.of("--workers", "--base-speed", "--trace", "--load", "--requests", "--work",
            "--tokens", "--slots", "--alone", "--beats", "--seed", "--policies", "--out", "--choices");
    private static final int REQUESTS_PER_WORKER = 100;
    private static final int FEWEST_REQUESTS = 60_000;
    private static final int MOST_REQUESTS_UNASKED = 100_000;
    private static final int MOST_REQUESTS = 10_000_000;
    private static final double HIGHEST_LOAD = 0.99;

    /**
     * Values of the flags, by flag.
     *
     * @throws IllegalArgumentException if a word is no flag, or a flag has no value or two
     */
    static Map<String, String> flags(List<String> arguments) {
        Map<String, String> flags = new HashMap<>();
        for (Iterator<String> words = arguments.iterator(); words.hasNext();) {
            String word = words.next();
            if (!FLAGS.contains(word)) {
                throw new IllegalArgumentException("there is no flag " + word);
            } else if (!words.hasNext()) {
                throw new IllegalArgumentException(word + " needs a value");
            } else if (flags.put(word, words.next()) != null) {
                throw new IllegalArgumentException(word + " is given twice");
            }
        }
        if (flags.containsKey("--workers") == flags.containsKey("--choices")) {
            throw new IllegalArgumentException("--workers is needed, or --choices without it");
        }
        return flags;
    }

    /** Reads the flags of a simulation. */
    static Options of(Map<String, String> flags) {
        double base = number(flags, "--base-speed", "20", 1e-6, 1e9);
        double[] speeds = Arrays.stream(Speeds.parse(flags.get("--workers"))).map(speed -> speed * base).toArray();
        Optional<Path> trace = Optional.ofNullable(flags.get("--trace")).filter(word -> !word.equals("generated")).map(Path::of);
        if (trace.isPresent() && List.of("--requests", "--work", "--tokens").stream().anyMatch(flags::containsKey)) {
            throw new IllegalArgumentException("--requests, --work and --tokens describe generated requests; leave them out with "
                    + "a trace file");
        }
        String load = flags.getOrDefault("--load", trace.isPresent() ? "" : "0.3,0.6,0.9");
        double[] loads = load.isEmpty() ? new double[0] : Arrays.stream(load.split(",", -1))
                .mapToDouble(word -> number("--load", word, 0.001, HIGHEST_LOAD)).toArray();
        int usual = Math.clamp((long) REQUESTS_PER_WORKER * speeds.length, FEWEST_REQUESTS, MOST_REQUESTS_UNASKED);
        return new Options(speeds, trace, loads,
                (int) number(flags, "--requests", String.valueOf(usual), 100, MOST_REQUESTS),
                Work.named(flags.getOrDefault("--work", "exponential")), number(flags, "--tokens", "400", 1, 1e9),
                new ServiceModel((int) number(flags, "--slots", "64", 1, 1e6), number(flags, "--alone", "0.3", 1e-6, 1)),
                number(flags, "--beats", "0", 0, 1e6), seed(flags), words(flags.getOrDefault("--policies", "")),
                Optional.ofNullable(flags.get("--out")).map(Path::of));
    }

    /** Numbers of workers for {@code --choices}. */
    static int[] choices(Map<String, String> flags) {
        return Arrays.stream(flags.get("--choices").split(",", -1))
                .mapToInt(word -> (int) number("--choices", word, 1, 100_000)).toArray();
    }

    static long seed(Map<String, String> flags) {
        return (long) number(flags, "--seed", "1", 0, 1L << 52);
    }

    static List<String> words(String list) {
        return list.isEmpty() ? List.of() : List.of(list.split(",", -1));
    }

    private static double number(Map<String, String> flags, String flag, String usual, double least, double most) {
        return number(flag, flags.getOrDefault(flag, usual), least, most);
    }

    private static double number(String flag, String word, double least, double most) {
        try {
            double value = Double.parseDouble(word);
            if (value >= least && value <= most) {
                return value;
            }
        } catch (NumberFormatException e) {
            // Told below, like a number that is out of range.
        }
        throw new IllegalArgumentException(flag + " " + word + " is not between " + least + " and " + most);
    }
}
