package org.alcove.plot;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Curves over a common horizontal axis: lines through points, steps, distributions, histograms. A value; every method returns a
 * new one.
 *
 * <pre>{@code
 * LineChart.titled("Throughput").axes("concurrent requests", "tokens/s")
 *         .series("one worker", new double[] {1, 2, 4}, new double[] {10, 18, 30}).logX().svg()
 * }</pre>
 */
public final class LineChart {

    /** Steps of a distribution that are drawn at most; more cannot be told apart at this size. */
    private static final int FINEST_STEPS = 400;
    /** A line of more points than this is drawn without markers. */
    private static final int MOST_MARKERS = 40;

    private final Labels labels;
    private final List<Curve> curves;
    private final boolean logX;
    private final boolean logY;

    private LineChart(Labels labels, List<Curve> curves, boolean logX, boolean logY) {
        this.labels = labels;
        this.curves = curves;
        this.logX = logX;
        this.logY = logY;
    }

    /** A chart without curves. */
    public static LineChart titled(String title) {
        return new LineChart(Labels.titled(title), List.of(), false, false);
    }

    /** Names what the axes count, with units: {@code "waiting time [s]"}. */
    public LineChart axes(String x, String y) {
        return new LineChart(labels.axes(x, y), curves, logX, logY);
    }

    /** Makes the horizontal axis logarithmic; only points above 0 can be drawn then. */
    public LineChart logX() {
        return new LineChart(labels, curves, true, logY);
    }

    /** Makes the vertical axis logarithmic; only points above 0 can be drawn then. */
    public LineChart logY() {
        return new LineChart(labels, curves, logX, true);
    }

    /**
     * Adds a line through points, with markers where they are few. A point with a coordinate that is not finite is a gap.
     *
     * @param name what the legend calls it
     * @param xs horizontal coordinates
     * @param ys as many vertical ones
     * @throws IllegalArgumentException if the numbers of coordinates differ
     */
    public LineChart series(String name, double[] xs, double[] ys) {
        if (xs.length != ys.length) {
            throw new IllegalArgumentException("series " + name + " has " + xs.length + " horizontal coordinates and "
                    + ys.length + " vertical ones: give as many of each");
        }
        return with(new Curve(name, xs.clone(), ys.clone(), xs.length <= MOST_MARKERS));
    }

    /**
     * Adds a curve of steps.
     *
     * @param name what the legend calls it
     * @param edges ascending; one more than values, or as many
     * @param values values[i] holds from edges[i] to edges[i + 1]
     * @throws IllegalArgumentException if the numbers do not fit
     */
    public LineChart steps(String name, double[] edges, double[] values) {
        if (edges.length != values.length && edges.length != values.length + 1) {
            throw new IllegalArgumentException("steps " + name + " has " + edges.length + " edges and " + values.length
                    + " values: give one edge more than values, or as many");
        }
        double[] xs = new double[Math.max(0, values.length + edges.length - 1)];
        double[] ys = new double[xs.length];
        for (int i = 0; i < xs.length; i++) {
            xs[i] = edges[(i + 1) / 2];
            ys[i] = values[i / 2];
        }
        return with(new Curve(name, xs, ys, false));
    }

    /**
     * Adds the share (0 to 1) of the values that are not greater than x. Of many values, every so-and-so-many-th is drawn.
     *
     * @param name what the legend calls it
     * @param values in any order, finite
     */
    public LineChart distribution(String name, double[] values) {
        double[] sorted = values.clone();
        Arrays.sort(sorted);
        int steps = Math.min(sorted.length, FINEST_STEPS);
        int[] ranks = IntStream.rangeClosed(1, steps).map(i -> (int) ((long) i * sorted.length / steps)).toArray();
        return steps(name, Arrays.stream(ranks).mapToDouble(rank -> sorted[rank - 1]).toArray(),
                Arrays.stream(ranks).mapToDouble(rank -> rank / (double) sorted.length).toArray());
    }

    /**
     * Adds how many of the values fall into each of equally wide bins between the smallest and the largest.
     *
     * @param name what the legend calls it
     * @param values in any order, finite
     * @param bins how many bins, at least 1
     */
    public LineChart histogram(String name, double[] values, int bins) {
        return histogram(name, values, bins, Arrays.stream(values).min().orElse(0), Arrays.stream(values).max().orElse(1));
    }

    /**
     * Adds the same with given limits, so that several can be compared; values beyond them count in the outermost bins.
     *
     * @param least where the first bin begins
     * @param greatest where the last bin ends
     */
    public LineChart histogram(String name, double[] values, int bins, double least, double greatest) {
        double width = greatest > least ? (greatest - least) / bins : 1;
        double[] counts = new double[bins];
        for (double value : values) {
            counts[Math.clamp((long) ((value - least) / width), 0, bins - 1)]++;
        }
        return steps(name, IntStream.rangeClosed(0, bins).mapToDouble(i -> least + i * width).toArray(), counts);
    }

    private LineChart with(Curve curve) {
        List<Curve> more = new ArrayList<>(curves);
        more.add(curve);
        return new LineChart(labels, List.copyOf(more), logX, logY);
    }

    /**
     * Draws the chart.
     *
     * @return an SVG document
     * @throws IllegalArgumentException if a logarithmic axis is to show a value that is not above 0
     */
    public String svg() {
        double[] xs = curves.stream().flatMapToDouble(curve -> Arrays.stream(curve.xs)).toArray();
        double[] ys = curves.stream().flatMapToDouble(curve -> Arrays.stream(curve.ys)).toArray();
        Axis x = logX ? Axis.logarithmic(labels.x(), xs) : Axis.linear(xs);
        Axis y = logY ? Axis.logarithmic(labels.y(), ys) : Axis.linear(ys);
        Frame frame = new Frame(labels, curves.stream().map(Curve::name).toList(), y, 0);
        Canvas canvas = frame.draw(true);
        frame.drawColumns(canvas, x);
        for (int i = 0; i < curves.size(); i++) {
            draw(canvas, frame, new Axis[] {x, y}, i);
        }
        return canvas.svg();
    }

    private void draw(Canvas canvas, Frame frame, Axis[] axes, int index) {
        Curve curve = curves.get(index);
        StringBuilder path = new StringBuilder();
        StringBuilder markers = new StringBuilder();
        boolean pen = false;
        for (int i = 0; i < curve.xs.length; i++) {
            boolean drawn = Double.isFinite(curve.xs[i]) && Double.isFinite(curve.ys[i]);
            if (drawn) {
                double left = frame.left(axes[0].place(curve.xs[i]));
                double top = frame.top(axes[1].place(curve.ys[i]));
                path.append(pen ? 'L' : 'M').append(Canvas.number(left)).append(' ').append(Canvas.number(top));
                markers.append(curve.markers ? Palette.marker(index, left, top) : "");
            }
            pen = drawn;
        }
        canvas.path(path.toString(), "fill=\"none\" stroke=\"" + Palette.colour(index) + "\" stroke-width=\"2\" "
                + "stroke-linejoin=\"round\"" + Palette.dash(index));
        canvas.path(markers.toString(), "fill=\"" + Palette.colour(index) + "\"");
    }

    private record Curve(String name, double[] xs, double[] ys, boolean markers) {
    }
}
