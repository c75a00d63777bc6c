package org.alcove.load;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.ToDoubleFunction;
import org.alcove.api.control.Command;
import org.alcove.commandline.WholeFile;
import org.alcove.plot.LineChart;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;

/** {@code ./alcove load}: how fast servers answer so many streams at once. */
@Component(property = {Command.NAME + "=load",
    Command.SUMMARY + "=Measure how fast servers answer many streams at once: [LABEL=]URL ... [--concurrency N,N] [--out DIR]"})
public final class LoadCommand implements Command {

    private static final String KEY = "ALCOVE_API_KEY";

    @Activate
    public LoadCommand() {
        // Everything is on the command line.
    }

    @Override
    public int run(List<String> arguments, Terminal terminal) throws Exception {
        return Options.USAGE.run(arguments, terminal, Options::of, options -> run(options, terminal));
    }

    private int run(Options options, Terminal terminal) throws IOException, InterruptedException {
        terminal.out().println("| server | streams | tokens/s | first token [ms] | 95 % | next token [ms] | 95 % |");
        terminal.out().println("|---|--:|--:|--:|--:|--:|--:|");
        Map<String, List<Measurement>> all = new LinkedHashMap<>();
        for (Target target : options.targets()) {
            all.put(target.label(), measure(target, options, terminal));
        }
        if (options.out().isPresent()) {
            draw(all, options.out().get());
        }
        return 0;
    }

    private static List<Measurement> measure(Target target, Options options, Terminal terminal)
            throws IOException, InterruptedException {
        List<Measurement> measurements = new ArrayList<>();
        try (StreamClient client = new StreamClient(target, System.getenv().getOrDefault(KEY, ""), System::nanoTime)) {
            String model = options.model().isEmpty() ? client.firstModel() : options.model();
            client.answer(model, options.prompt(), options.tokens(), 0);
            for (int streams : options.concurrency()) {
                Measurement measured = measure(client, model, streams, options);
                measurements.add(measured);
                terminal.out().printf(Locale.ROOT, "| %s | %d | %.1f | %.0f | %.0f | %.1f | %.1f |%n", target.label(), streams,
                        measured.tokensPerSecond(), measured.firstMillis(), measured.slowFirstMillis(), measured.nextMillis(),
                        measured.slowNextMillis());
                terminal.out().flush();
            }
        }
        return measurements;
    }

    private static Measurement measure(StreamClient client, String model, int streams, Options options)
            throws IOException, InterruptedException {
        List<Answer> answers = new ArrayList<>();
        long start = System.nanoTime();
        try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            List<Future<List<Answer>>> running = new ArrayList<>();
            for (int i = 0; i < streams; i++) {
                int seed = i * options.rounds();
                running.add(threads.submit(() -> {
                    List<Answer> own = new ArrayList<>();
                    for (int round = 0; round < options.rounds(); round++) {
                        own.add(client.answer(model, options.prompt(), options.tokens(), seed + round));
                    }
                    return own;
                }));
            }
            for (Future<List<Answer>> stream : running) {
                answers.addAll(stream.get());
            }
        } catch (ExecutionException e) {
            throw new IOException("a stream failed, so there is no measurement: " + e.getCause().getMessage(), e);
        }
        return Measurement.of(streams, answers, System.nanoTime() - start);
    }

    private static void draw(Map<String, List<Measurement>> all, Path folder) throws IOException {
        Files.createDirectories(folder);
        draw(all, "Throughput", "tokens/s", Measurement::tokensPerSecond, folder.resolve("load-throughput.svg"));
        draw(all, "Time to the next token", "median [ms]", Measurement::nextMillis, folder.resolve("load-next-token.svg"));
    }

    private static void draw(Map<String, List<Measurement>> all, String title, String unit,
            ToDoubleFunction<Measurement> figure, Path file) throws IOException {
        LineChart chart = LineChart.titled(title).axes("streams at once", unit).logX();
        for (Map.Entry<String, List<Measurement>> server : all.entrySet()) {
            chart = chart.series(server.getKey(), server.getValue().stream().mapToDouble(Measurement::streams).toArray(),
                    server.getValue().stream().mapToDouble(figure).toArray());
        }
        WholeFile.write(file, chart.svg());
    }
}
