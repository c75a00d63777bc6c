package org.alcove.simulation;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** Says in tables what runs show. */
final class Report {

    private static final int MOST_CLASSES = 8;

    private Report() {
    }

    /** The circumstances, in one line. */
    static String circumstances(Options options, Trace trace) {
        double[] speeds = options.speeds();
        double mean = trace.arrivals().stream().mapToDouble(Arrival::work).average().orElse(0);
        return String.format(Locale.ROOT, "%d workers with %s tokens/s together; %d requests of %s tokens on average (%s); "
                + "at most %d served at once by a worker, one alone at %s of its speed; seed %d%s", speeds.length,
                Table.figure(Arrays.stream(speeds).sum()), trace.arrivals().size(), Table.figure(mean),
                options.trace().isPresent() ? "from a file" : options.work().word(), options.model().slots(),
                Table.figure(options.model().alone()), options.seed(),
                options.beats() > 0 ? "; beats every " + Table.figure(options.beats()) + " s" : "");
    }

    /** Times and balance of all policies at one load. The last figures are the clairvoyant's. */
    static String times(List<Figures> figures) {
        Table table = new Table("policy", "response s: mean", "p50", "p95", "p99", "waiting s: mean", "p50", "p95", "p99",
                "work/speed: least", "most", "response / clairvoyant");
        double best = figures.getLast().meanResponse();
        for (Figures each : figures) {
            table.row(each.policy(), Table.figure(each.meanResponse()), percentile(each.response(), 50),
                    percentile(each.response(), 95), percentile(each.response(), 99), Table.figure(each.meanWaiting()),
                    percentile(each.waiting(), 50), percentile(each.waiting(), 95), percentile(each.waiting(), 99),
                    Table.figure(each.balance()[0]), Table.figure(each.balance()[each.balance().length - 1]),
                    String.format(Locale.ROOT, "%.3f", each.meanResponse() / best));
        }
        return table.toString();
    }

    private static String percentile(double[] ascending, double percent) {
        return Table.figure(Figures.percentile(ascending, percent));
    }

    /** Shares of the work by speed; empty where workers are all alike, or of too many kinds. */
    static String shares(List<Figures> figures) {
        List<Figures.SpeedClass> classes = figures.getFirst().classes();
        if (classes.size() < 2 || classes.size() > MOST_CLASSES) {
            return "";
        }
        String[] heads = new String[classes.size() + 1];
        String[] speeds = new String[heads.length];
        heads[0] = "share";
        speeds[0] = "of the speed";
        for (int i = 1; i < heads.length; i++) {
            Figures.SpeedClass each = classes.get(i - 1);
            heads[i] = each.workers() + " x " + Table.figure(each.speed()) + " tokens/s";
            speeds[i] = percent(each.speedShare());
        }
        Table table = new Table(heads);
        table.row(speeds);
        for (Figures each : figures) {
            String[] row = new String[heads.length];
            row[0] = "of the work: " + each.policy();
            for (int i = 1; i < row.length; i++) {
                row[i] = percent(each.classes().get(i - 1).workShare());
            }
            table.row(row);
        }
        return table.toString();
    }

    private static String percent(double share) {
        return String.format(Locale.ROOT, "%.1f %%", 100 * share);
    }
}
