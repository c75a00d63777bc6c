package org.alcove.simulation;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.alcove.api.control.Command;
import org.alcove.api.scheduling.SchedulingPolicy;
import org.alcove.commandline.CommandLine;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** {@code ./alcove simulate}: what the installed policies make of workers and requests that are made up. */
@Component(property = {Command.NAME + "=simulate",
    Command.SUMMARY + "=Try scheduling policies on made-up workers: --workers N|1,1,4 [--trace FILE] [--load L,L] [--out DIR]"})
public final class SimulateCommand implements Command {

    private static final Duration WARM_UP = Duration.ofSeconds(1);
    private static final Duration MEASURED = Duration.ofMillis(500);

    private final InstalledPolicies policies;

    @Activate
    public SimulateCommand(@Reference InstalledPolicies policies) {
        this.policies = policies;
    }

    /** What is to be done, all of it understood. */
    @FunctionalInterface
    private interface Plan {
        void run() throws IOException;
    }

    @Override
    public int run(List<String> arguments, Terminal terminal) throws IOException {
        return Options.USAGE.run(arguments, terminal, line -> plan(Options.checked(line), terminal), plan -> {
            plan.run();
            return 0;
        });
    }

    private Plan plan(CommandLine line, Terminal terminal) {
        Map<String, SchedulingPolicy> chosen = chosen(Options.policies(line));
        if (line.has("--choices")) {
            int[] workers = Options.choices(line);
            return () -> terminal.out().print(new ChoiceRate(System::nanoTime, WARM_UP.toNanos(), MEASURED.toNanos())
                    .table(chosen, workers, Options.seed(line)));
        }
        Options options = Options.of(line);
        return () -> simulate(options, chosen, terminal);
    }

    /** Policies by name: those that were named, or all. */
    private Map<String, SchedulingPolicy> chosen(List<String> names) {
        Map<String, SchedulingPolicy> installed = policies.byName();
        if (installed.isEmpty()) {
            throw new IllegalArgumentException("no scheduling policy is installed; put one into plugins/");
        }
        Map<String, SchedulingPolicy> chosen = new LinkedHashMap<>();
        for (String name : names.isEmpty() ? installed.keySet() : names) {
            if (!installed.containsKey(name)) {
                throw new IllegalArgumentException("no scheduling policy named " + name + " is installed; installed: "
                        + String.join(", ", installed.keySet()));
            }
            chosen.put(name, installed.get(name));
        }
        return chosen;
    }

    private static void simulate(Options options, Map<String, SchedulingPolicy> chosen, Terminal terminal) throws IOException {
        double capacity = Arrays.stream(options.speeds()).sum();
        Trace recorded = options.trace().isPresent() ? TraceFile.read(options.trace().get())
                : Trace.generated(options.requests(), options.work(), options.tokens(), capacity, options.seed());
        Charts charts = options.out().isPresent() ? new Charts(options.out().get()) : null;
        terminal.out().println(Report.circumstances(options, recorded));
        double[] loads = options.loads().length > 0 ? options.loads() : new double[] {recorded.perSecond() / capacity};
        List<List<Figures>> all = new ArrayList<>();
        for (double load : loads) {
            boolean asRecorded = options.loads().length == 0;
            Trace trace = asRecorded ? recorded : recorded.atRate(load * capacity);
            String what = "load " + Table.figure(load) + (asRecorded ? " (as recorded)" : "");
            List<Figures> figures = run(options, trace, chosen, terminal);
            all.add(figures);
            terminal.out().printf("%n%s%n%n%s", what, Report.times(figures));
            String shares = Report.shares(figures);
            terminal.out().print(shares.isEmpty() ? "" : System.lineSeparator() + shares);
            if (charts != null) {
                charts.load(asRecorded ? "as-recorded" : "load-" + load, what, figures);
            }
        }
        if (charts != null) {
            if (loads.length > 1) {
                charts.loads(loads, all);
            }
            terminal.out().println();
            for (Path file : charts.written()) {
                terminal.out().println(file);
            }
        }
    }

    /** One run for each policy, and the clairvoyant's as the last. */
    private static List<Figures> run(Options options, Trace trace, Map<String, SchedulingPolicy> chosen, Terminal terminal) {
        Map<String, Chooser> choosers = new LinkedHashMap<>();
        chosen.forEach((name, policy) -> choosers.put(name, new PolicyChooser(name, policy, options.seed())));
        choosers.put(Clairvoyant.NAME, new Clairvoyant());
        List<Figures> figures = new ArrayList<>();
        choosers.forEach((name, chooser) -> {
            if (terminal.interactive()) {
                terminal.err().printf("\r%-60s\r", "simulating " + name);
            }
            Cluster cluster = new Cluster(options.speeds(), options.model(), options.beats());
            figures.add(Figures.of(name, trace, cluster, Simulation.run(trace.arrivals(), cluster, chooser)));
        });
        if (terminal.interactive()) {
            terminal.err().printf("\r%60s\r", "");
        }
        return figures;
    }
}
