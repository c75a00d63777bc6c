package org.alcove.simulation;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.alcove.api.scheduling.SchedulingPolicy;
import org.alcove.simulation.replay.PolicyReplay;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/**
 * Replays recorded requests. Workers serve one model each, so each model is a cluster by itself; times of all models are told
 * together. A worker gives one request all of its speed: it was measured with what there was, and nobody knows how much of it a
 * request alone could have used.
 */
@Component
public final class RecordedReplay implements PolicyReplay {

    private static final int PERCENT = 100;

    private final InstalledPolicies policies;

    @Activate
    public RecordedReplay(@Reference InstalledPolicies policies) {
        this.policies = policies;
    }

    /** What came of one model's requests. */
    private record Run(Trace trace, Cluster cluster, Simulation.Outcome outcome, List<Server> servers) {
    }

    @Override
    public List<Result> replay(Recording recording) {
        return policies.byName().entrySet().stream().map(entry -> replay(entry.getKey(), entry.getValue(), recording)).toList();
    }

    private static Result replay(String name, SchedulingPolicy policy, Recording recording) {
        try {
            List<Run> runs = runs(name, policy, recording);
            List<Run> again = runs(name, policy, recording);
            // The contract: what is chosen follows from the snapshot and the random numbers, and from nothing kept between calls.
            boolean pure = IntStream.range(0, runs.size()).allMatch(i ->
                    Arrays.equals(runs.get(i).outcome().servedBy(), again.get(i).outcome().servedBy()));
            return pure ? result(name, runs) : faulty(name, "it chooses otherwise when it sees the same workers and the same"
                    + " random numbers again, so nothing can be foretold of it: a policy must keep nothing between two choices");
        } catch (RuntimeException | LinkageError | AssertionError | StackOverflowError e) {
            return faulty(name, "it failed: " + e);
        }
    }

    private static Result faulty(String name, String fault) {
        return new Result(name, fault, List.of(), 0, 0, 0, 0, List.of());
    }

    private static List<Run> runs(String name, SchedulingPolicy policy, Recording recording) {
        Map<String, List<Order>> byModel = recording.orders().stream().sorted(Comparator.comparingDouble(Order::seconds))
                .collect(Collectors.groupingBy(Order::model));
        List<Run> runs = new ArrayList<>();
        for (String model : recording.servers().stream().map(Server::model).distinct().toList()) {
            List<Server> servers = recording.servers().stream().filter(server -> server.model().equals(model)).toList();
            Trace trace = new Trace(byModel.getOrDefault(model, List.of()).stream()
                    .map(order -> new Arrival(order.seconds(), order.tokens())).toList(), 0);
            Cluster cluster = new Cluster(servers.stream().mapToDouble(Server::speed).toArray(),
                    new ServiceModel(recording.slots(), 1), 0);
            Chooser chooser = new SnapshotChooser(new PolicyChooser(name, policy, recording.seed()), model,
                    servers.stream().map(Server::id).toList());
            runs.add(new Run(trace, cluster, Simulation.run(trace.arrivals(), cluster, chooser), servers));
        }
        return runs;
    }

    private static Result result(String name, List<Run> runs) {
        List<Figures> figures = runs.stream().map(run -> Figures.of(name, run.trace(), run.cluster(), run.outcome())).toList();
        double[] waiting = figures.stream().flatMapToDouble(each -> Arrays.stream(each.waiting())).sorted().toArray();
        double[] response = figures.stream().flatMapToDouble(each -> Arrays.stream(each.response())).toArray();
        List<Double> percentiles = waiting.length == 0 ? List.of() : IntStream.rangeClosed(0, PERCENT)
                .mapToObj(percent -> Figures.percentile(waiting, percent)).toList();
        // Little's law: what they spend there together, over the time, is how many are there on average.
        double queue = Arrays.stream(response).sum() / Math.max(1e-9, seconds(runs));
        return new Result(name, "", percentiles, Arrays.stream(waiting).average().orElse(0),
                Arrays.stream(response).average().orElse(0), queue,
                runs.stream().mapToInt(RecordedReplay::longestQueue).max().orElse(0),
                runs.stream().flatMap(run -> shares(run).stream()).toList());
    }

    /** From the first arrival to the last end, of all models. */
    private static double seconds(List<Run> runs) {
        double first = Double.POSITIVE_INFINITY;
        double last = Double.NEGATIVE_INFINITY;
        for (Run run : runs) {
            List<Arrival> arrivals = run.trace().arrivals();
            for (int i = 0; i < arrivals.size(); i++) {
                first = Math.min(first, arrivals.get(i).seconds());
                last = Math.max(last, arrivals.get(i).seconds() + run.outcome().response()[i]);
            }
        }
        return last - first;
    }

    /** Comings and goings in the order of time; who goes at the moment when another comes goes first. */
    private static int longestQueue(Run run) {
        record Step(double time, int worker, int change) {
        }
        List<Step> steps = new ArrayList<>();
        for (int i = 0; i < run.trace().arrivals().size(); i++) {
            double came = run.trace().arrivals().get(i).seconds();
            steps.add(new Step(came, run.outcome().servedBy()[i], 1));
            steps.add(new Step(came + run.outcome().response()[i], run.outcome().servedBy()[i], -1));
        }
        steps.sort(Comparator.comparingDouble(Step::time).thenComparingInt(Step::change));
        int[] queues = new int[run.servers().size()];
        int longest = 0;
        for (Step step : steps) {
            queues[step.worker()] += step.change();
            longest = Math.max(longest, queues[step.worker()]);
        }
        return longest;
    }

    private static List<Share> shares(Run run) {
        int[] requests = new int[run.servers().size()];
        double[] work = new double[requests.length];
        for (int i = 0; i < run.outcome().servedBy().length; i++) {
            requests[run.outcome().servedBy()[i]]++;
            work[run.outcome().servedBy()[i]] += run.trace().arrivals().get(i).work();
        }
        double all = Math.max(1, Arrays.stream(work).sum());
        return IntStream.range(0, requests.length)
                .mapToObj(i -> new Share(run.servers().get(i).id(), requests[i], work[i] / all)).toList();
    }
}
