package org.alcove.plot;

import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.List;

/** The part every chart has: title, legend, grid, vertical axis; and where the figures go. */
final class Frame {

    static final int WIDTH = 720;
    /** Width that is left for the figures, at least. */
    static final double INNER_WIDTH = 600;
    private static final int INNER_HEIGHT = 300;
    private static final int ROW = 18;
    private static final int SWATCH = 26;
    private static final int RIGHT = 20;

    private final Labels labels;
    private final List<List<Integer>> legend;
    private final List<String> names;
    private final Axis y;
    private final double firstLeft;
    private final double firstTop;
    private final double slanted;

    /**
     * Lays a chart out.
     *
     * @param names series, as the legend lists them
     * @param y vertical axis
     * @param slanted length of the longest slanted label under the horizontal axis, in pixels; 0 if none is slanted
     */
    Frame(Labels labels, List<String> names, Axis y, double slanted) {
        this.labels = labels;
        this.names = names;
        this.y = y;
        this.slanted = slanted;
        double widest = y.ticks().stream().mapToDouble(tick -> Canvas.width(Axis.text(tick))).max().orElse(0);
        this.firstLeft = Math.max(34 + widest, 60);
        this.legend = rows();
        this.firstTop = 44 + ROW * legend.size();
    }

    private List<List<Integer>> rows() {
        List<List<Integer>> rows = new ArrayList<>();
        double used = WIDTH;
        for (int i = 0; i < names.size(); i++) {
            double width = entryWidth(i);
            if (used + width > WIDTH - RIGHT) {
                rows.add(new ArrayList<>());
                used = firstLeft;
            }
            rows.getLast().add(i);
            used += width;
        }
        return rows;
    }

    private double entryWidth(int series) {
        return SWATCH + Canvas.width(names.get(series)) + 14;
    }

    /** Pixels from the left of a place on the horizontal axis. */
    double left(double place) {
        return firstLeft + place * (WIDTH - RIGHT - firstLeft);
    }

    /** Pixels from the top of a place on the vertical axis. */
    double top(double place) {
        return firstTop + (1 - place) * INNER_HEIGHT;
    }

    /** Begins the drawing. */
    Canvas draw(boolean lines) {
        double under = slanted > 0 ? 30 + 0.6 * slanted : 30;
        int height = (int) Math.ceil(firstTop + INNER_HEIGHT + under + (labels.x().isEmpty() ? 0 : 22));
        Canvas canvas = new Canvas(WIDTH, height, labels.title());
        canvas.label(firstLeft, 26, labels.title(), Canvas.Anchor.HEADING);
        for (int row = 0; row < legend.size(); row++) {
            double left = firstLeft;
            double middle = 40 + ROW * row + 4;
            for (int series : legend.get(row)) {
                swatch(canvas, series, left, middle, lines);
                canvas.label(left + SWATCH, middle + 4, names.get(series), Canvas.Anchor.START);
                left += entryWidth(series);
            }
        }
        for (BigDecimal tick : y.ticks()) {
            double top = top(y.place(tick.doubleValue()));
            canvas.line(left(0), top, left(1), top, Canvas.GRID);
            canvas.label(left(0) - 6, top + 4, Axis.text(tick), Canvas.Anchor.END);
        }
        canvas.line(left(0), top(0), left(0), top(1), Canvas.AXIS);
        canvas.line(left(0), top(0), left(1), top(0), Canvas.AXIS);
        canvas.label(left(0.5), height - 12, labels.x(), Canvas.Anchor.MIDDLE);
        canvas.label(18, top(0.5), labels.y(), Canvas.Anchor.UPRIGHT);
        return canvas;
    }

    /** Draws the ticks of a horizontal axis. */
    void drawColumns(Canvas canvas, Axis x) {
        for (BigDecimal tick : x.ticks()) {
            double left = left(x.place(tick.doubleValue()));
            canvas.line(left, top(0), left, top(1), Canvas.GRID);
            canvas.label(left, top(0) + 18, Axis.text(tick), Canvas.Anchor.MIDDLE);
        }
        canvas.line(left(0), top(0), left(0), top(1), Canvas.AXIS);
    }

    private static void swatch(Canvas canvas, int series, double left, double middle, boolean lines) {
        if (lines) {
            canvas.path("M" + Canvas.number(left) + " " + Canvas.number(middle) + "h20", "fill=\"none\" stroke=\""
                    + Palette.colour(series) + "\" stroke-width=\"2\"" + Palette.dash(series));
            canvas.path(Palette.marker(series, left + 10, middle), "fill=\"" + Palette.colour(series) + "\"");
        } else {
            canvas.rectangle(left + 4, middle - 6, 12, 12, Palette.colour(series));
        }
    }
}
