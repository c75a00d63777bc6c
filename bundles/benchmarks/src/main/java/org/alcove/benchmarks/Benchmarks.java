package org.alcove.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.CommandLineOptionException;
import org.openjdk.jmh.runner.options.CommandLineOptions;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/**
 * The program: JMH with its command line, on all kernels of this machine unless {@code -p} names some. The reference, which takes
 * minutes for a large product, is timed only where it is named.
 */
public final class Benchmarks {

    private static final int SECONDS = 1;
    private static final int WARM_UPS = 2;
    private static final int ITERATIONS = 3;

    private Benchmarks() {
    }

    /** As {@code java -jar benchmarks.jar -h} tells. */
    public static void main(String[] arguments) throws CommandLineOptionException, RunnerException {
        CommandLineOptions line = new CommandLineOptions(arguments);
        if (line.shouldHelp()) {
            helped(line);
            return;
        }
        Runner runner = new Runner(options(line).build());
        if (line.shouldList()) {
            runner.list();
        } else if (line.shouldListWithParams()) {
            runner.listWithParams(line);
        } else {
            runner.run();
        }
    }

    private static void helped(CommandLineOptions line) {
        try {
            line.showHelp();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** What is asked for, and all kernels of this machine where none is named. */
    static ChainedOptionsBuilder options(CommandLineOptions line) {
        ChainedOptionsBuilder options = new OptionsBuilder().parent(line).jvmArgsAppend("--add-modules=jdk.incubator.vector",
                "--enable-native-access=ALL-UNNAMED", "--sun-misc-unsafe-memory-access=allow");
        if (!line.getParameter("kernel").hasValue()) {
            List<String> tiers = Kernels.tiers().stream().filter(tier -> !tier.equals("reference")).toList();
            options.param("kernel", Kernels.names(tiers).toArray(String[]::new));
        }
        if (!line.getParameter("arithmetic").hasValue()) {
            options.param("arithmetic", AttentionBenchmark.tiers().toArray(String[]::new));
        }
        options.forks(line.getForkCount().orElse(1));
        options.warmupIterations(line.getWarmupIterations().orElse(WARM_UPS));
        options.measurementIterations(line.getMeasurementIterations().orElse(ITERATIONS));
        options.warmupTime(line.getWarmupTime().orElse(TimeValue.seconds(SECONDS)));
        options.measurementTime(line.getMeasurementTime().orElse(TimeValue.seconds(SECONDS)));
        return options;
    }
}
