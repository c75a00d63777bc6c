package org.alcove.simulation;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.alcove.commandline.WholeFile;
import org.alcove.plot.BarChart;
import org.alcove.plot.LineChart;

/** Draws what runs show, into files of a folder. */
final class Charts {

    /** More workers than this are drawn as a distribution. */
    private static final int MOST_BARS = 8;

    private final Path folder;
    private final List<Path> written = new ArrayList<>();

    /** Makes the folder if need be. */
    Charts(Path folder) throws IOException {
        this.folder = Files.createDirectories(folder);
    }

    /** The files, in the order in which they were written. */
    List<Path> written() {
        return List.copyOf(written);
    }

    /**
     * Draws one load: {@code waiting-NAME.svg}, {@code percentiles-NAME.svg}, {@code balance-NAME.svg}.
     *
     * @param name of the load, as part of a file's name
     * @param what of the load, for people
     */
    void load(String name, String what, List<Figures> figures) throws IOException {
        // The last of a hundred would squeeze all others to the left.
        double longest = figures.stream().mapToDouble(each -> Figures.percentile(each.waiting(), 99)).max().orElse(0);
        LineChart waiting = LineChart.titled("Waiting time, " + what).axes("waiting time [s], up to the longest p99",
                "share of requests that wait no longer");
        for (Figures each : figures) {
            waiting = waiting.distribution(each.policy(),
                    Arrays.stream(each.waiting()).map(seconds -> Math.min(seconds, longest)).toArray());
        }
        write("waiting-" + name, waiting.svg());
        BarChart percentiles = BarChart.titled("Waiting and response times, " + what).axes("", "seconds").groups("waiting p50",
                "waiting p95", "waiting p99", "response p50", "response p95", "response p99");
        for (Figures each : figures) {
            percentiles = percentiles.series(each.policy(), Figures.percentile(each.waiting(), 50),
                    Figures.percentile(each.waiting(), 95), Figures.percentile(each.waiting(), 99),
                    Figures.percentile(each.response(), 50), Figures.percentile(each.response(), 95),
                    Figures.percentile(each.response(), 99));
        }
        write("percentiles-" + name, percentiles.svg());
        write("balance-" + name, figures.getFirst().balance().length > MOST_BARS ? spread(what, figures) : shares(what, figures));
    }

    private static String spread(String what, List<Figures> figures) {
        LineChart chart = LineChart.titled("Balance, " + what).axes("share of the work / share of the speed", "share of workers");
        for (Figures each : figures) {
            chart = chart.distribution(each.policy(), each.balance());
        }
        return chart.svg();
    }

    private static String shares(String what, List<Figures> figures) {
        List<Figures.SpeedClass> classes = figures.getFirst().classes();
        BarChart chart = BarChart.titled("Balance, " + what).axes("", "share [%]")
                .groups(classes.stream().map(each -> each.workers() + " x " + Table.figure(each.speed()) + " tokens/s")
                        .toArray(String[]::new))
                .series("of the speed", classes.stream().mapToDouble(each -> 100 * each.speedShare()).toArray());
        for (Figures each : figures) {
            chart = chart.series(each.policy(), each.classes().stream().mapToDouble(one -> 100 * one.workShare()).toArray());
        }
        return chart.svg();
    }

    /**
     * Draws the mean response over the load: {@code response-over-load.svg}.
     *
     * @param figures of each load, those of each policy in the same order
     */
    void loads(double[] loads, List<List<Figures>> figures) throws IOException {
        LineChart chart = LineChart.titled("Mean response time over load").axes("load", "mean response time [s]");
        for (int policy = 0; policy < figures.getFirst().size(); policy++) {
            int index = policy;
            chart = chart.series(figures.getFirst().get(policy).policy(), loads,
                    figures.stream().mapToDouble(each -> each.get(index).meanResponse()).toArray());
        }
        write("response-over-load", chart.svg());
    }

    private void write(String name, String svg) throws IOException {
        Path target = folder.resolve(name + ".svg");
        WholeFile.write(target, svg);
        written.add(target);
    }
}
