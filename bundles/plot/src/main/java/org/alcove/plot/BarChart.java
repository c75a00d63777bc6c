package org.alcove.plot;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.DoubleStream;

/**
 * Groups of bars side by side, one bar of each series in each group. A value; every method returns a new one.
 *
 * <pre>{@code
 * BarChart.titled("Waiting time").axes("", "seconds").groups("p50", "p95")
 *         .series("lottery", 1.5, 9).series("shortest_queue", 1, 4).svg()
 * }</pre>
 */
public final class BarChart {

    /** Share of a group's width that its bars fill. */
    private static final double FILLED = 0.8;

    private final Labels labels;
    private final List<String> groups;
    private final List<Bars> bars;

    private BarChart(Labels labels, List<String> groups, List<Bars> bars) {
        this.labels = labels;
        this.groups = groups;
        this.bars = bars;
    }

    /** A chart without bars. */
    public static BarChart titled(String title) {
        return new BarChart(Labels.titled(title), List.of(), List.of());
    }

    /** Names what the axes count, with units. */
    public BarChart axes(String x, String y) {
        return new BarChart(labels.axes(x, y), groups, bars);
    }

    /** Names the groups, from left to right. */
    public BarChart groups(String... names) {
        return new BarChart(labels, List.of(names), bars);
    }

    /**
     * Adds one bar to each group.
     *
     * @param name what the legend calls the series
     * @param values one for each group; one that is not finite leaves its place empty
     */
    public BarChart series(String name, double... values) {
        List<Bars> more = new ArrayList<>(bars);
        more.add(new Bars(name, values.clone()));
        return new BarChart(labels, groups, List.copyOf(more));
    }

    /**
     * Draws the chart.
     *
     * @return an SVG document
     * @throws IllegalArgumentException if a series has not one value for each group
     */
    public String svg() {
        for (Bars series : bars) {
            if (series.values.length != groups.size()) {
                throw new IllegalArgumentException("series " + series.name + " has " + series.values.length + " values for "
                        + groups.size() + " groups: give one value for each group");
            }
        }
        Axis y = Axis.linear(DoubleStream.concat(DoubleStream.of(0),
                bars.stream().flatMapToDouble(series -> Arrays.stream(series.values))).toArray());
        Frame frame = new Frame(labels, bars.stream().map(Bars::name).toList(), y, rotated() ? longest() : 0);
        Canvas canvas = frame.draw(false);
        for (int group = 0; group < groups.size(); group++) {
            double left = frame.left((group + 0.5) / groups.size());
            canvas.label(left, frame.top(0) + 18, groups.get(group), rotated() ? Canvas.Anchor.SLANTED : Canvas.Anchor.MIDDLE);
        }
        for (int i = 0; i < bars.size(); i++) {
            draw(canvas, frame, y, i);
        }
        canvas.line(frame.left(0), frame.top(y.place(0)), frame.left(1), frame.top(y.place(0)), Canvas.AXIS);
        return canvas.svg();
    }

    private double longest() {
        return groups.stream().mapToDouble(Canvas::width).max().orElse(0);
    }

    private boolean rotated() {
        return longest() > Frame.INNER_WIDTH / Math.max(1, groups.size());
    }

    private void draw(Canvas canvas, Frame frame, Axis y, int index) {
        double width = FILLED / groups.size() / bars.size();
        for (int group = 0; group < groups.size(); group++) {
            double value = bars.get(index).values[group];
            if (Double.isFinite(value)) {
                double from = (group + (1 - FILLED) / 2) / groups.size() + index * width;
                double high = frame.top(y.place(Math.max(0, value)));
                double low = frame.top(y.place(Math.min(0, value)));
                canvas.rectangle(frame.left(from), high, frame.left(from + width) - frame.left(from), low - high,
                        Palette.colour(index));
            }
        }
    }

    private record Bars(String name, double[] values) {
    }
}
