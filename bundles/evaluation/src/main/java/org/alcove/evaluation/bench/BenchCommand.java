package org.alcove.evaluation.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.alcove.api.control.Command;
import org.alcove.commandline.WholeFile;
import org.alcove.engine.Engine;
import org.alcove.engine.EngineFactory;
import org.alcove.engine.EngineSettings;
import org.alcove.weights.ModelFile;
import org.alcove.weights.WeightStore;
import org.alcove.weights.Weights;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** {@code ./alcove bench}: how fast a model is computed here, and how much of what is possible that is. */
@Component(property = {Command.NAME + "=bench",
    Command.SUMMARY + "=Measure how fast a model is computed: MODEL [--prompt N] [--generate N] [--parallel N,N] [--json]"})
public final class BenchCommand implements Command {

    /** Streams that began early write on while the others' prompts are read. */
    private static final int EARLY = 512;

    private final WeightStore store;
    private final EngineFactory engines;

    @Activate
    public BenchCommand(@Reference WeightStore store, @Reference EngineFactory engines) {
        this.store = store;
        this.engines = engines;
    }

    @Override
    public int run(List<String> arguments, Terminal terminal) throws Exception {
        return BenchOptions.USAGE.run(arguments, terminal, BenchOptions::of, options -> run(options, terminal));
    }

    private int run(BenchOptions options, Terminal terminal) throws IOException, InterruptedException {
        ModelFile file = store.describe(options.model());
        int own = file.integer(file.architecture() + ".context_length").orElse(Integer.MAX_VALUE);
        if (options.prompt() + options.generate() > own) {
            throw new IOException("a prompt of " + options.prompt() + " and " + options.generate() + " tokens to write are more"
                    + " than the context of " + options.model() + ", " + own + " tokens; choose a shorter --prompt");
        }
        Optional<MachineLimits> before = MachineLimits.measure(options.computing());
        long start = System.nanoTime();
        try (Engine engine = open(options, own)) {
            double loadMillis = (System.nanoTime() - start) / 1e6;
            List<Figures> runs = new ArrayList<>();
            for (int parallel : options.parallel()) {
                runs.add(measure(engine, parallel, options, terminal));
            }
            long most = memory("VmHWM:");
            long anonymous = memory("RssAnon:");
            Optional<MachineLimits> after = MachineLimits.measure(options.computing());
            Report report = new Report(options.model().toString(), options.computing(), engine.kernels(), ModelCost.of(file),
                    before.map(limits -> limits.best(after.orElse(limits))), loadMillis, most, anonymous, runs);
            terminal.out().print(options.json() ? report.json() + System.lineSeparator() : report.text());
            if (options.out().isPresent() && report.roofline().isPresent()) {
                Files.createDirectories(options.out().get());
                WholeFile.write(options.out().get().resolve("roofline.svg"), report.roofline().get());
            }
        }
        return 0;
    }

    private Engine open(BenchOptions options, int own) throws IOException, InterruptedException {
        Weights weights = store.open(options.model());
        try {
            long each = Math.min(own, (long) options.prompt() + options.generate() + EARLY);
            EngineSettings settings = EngineSettings.DEFAULT.withThreads(options.threads()).withPrefixCache(false)
                    .withKvTokens((int) Math.max(own, Math.min(Integer.MAX_VALUE, each * options.mostParallel())));
            return engines.open(weights, settings);
        } catch (IOException | RuntimeException e) {
            weights.close();
            throw e;
        }
    }

    private static Figures measure(Engine engine, int parallel, BenchOptions options, Terminal terminal)
            throws IOException, InterruptedException {
        List<StreamRun.Timing> runs = new ArrayList<>();
        for (int round = 0; round <= options.repeat(); round++) {
            if (terminal.interactive()) {
                terminal.err().printf(Locale.ROOT, "\r%d at once: run %d of %d ", parallel, round, options.repeat());
            }
            StreamRun.Timing timing = StreamRun.measure(engine, parallel, options.prompt(), options.generate(), round);
            if (round > 0) {
                runs.add(timing);
            }
        }
        if (terminal.interactive()) {
            terminal.err().println();
        }
        return Figures.of(parallel, options.prompt(), options.generate(), runs);
    }

    /** A line of the kernel's account of this process, in bytes; 0 where there is none. */
    private static long memory(String key) throws IOException {
        Path status = Path.of("/proc/self/status");
        if (!Files.isReadable(status)) {
            return 0;
        }
        return Files.readAllLines(status).stream().filter(line -> line.startsWith(key)).findFirst()
                .map(line -> Long.parseLong(line.replaceAll("[^0-9]", "")) * 1024).orElse(0L);
    }
}
