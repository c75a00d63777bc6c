package org.alcove.simulation;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Rows under each other, as people read them and as Markdown understands them. The first column is words, the others figures. */
final class Table {

    private final List<String[]> rows = new ArrayList<>();

    Table(String... heads) {
        rows.add(heads);
    }

    void row(String... cells) {
        rows.add(cells);
    }

    /** A figure in as many digits as tell something. */
    static String figure(double value) {
        if (value < 0.0005) {
            return "0";
        }
        return String.format(Locale.ROOT, value >= 99.95 ? "%.0f" : value >= 9.995 ? "%.1f" : value >= 0.9995 ? "%.2f" : "%.3f",
                value);
    }

    @Override
    public String toString() {
        StringBuilder text = new StringBuilder();
        int columns = rows.getFirst().length;
        int[] widths = new int[columns];
        for (String[] row : rows) {
            for (int i = 0; i < columns; i++) {
                widths[i] = Math.max(widths[i], row[i].length());
            }
        }
        for (int r = 0; r < rows.size(); r++) {
            for (int i = 0; i < columns; i++) {
                String padding = " ".repeat(widths[i] - rows.get(r)[i].length());
                text.append(i == 0 ? "| " + rows.get(r)[i] + padding : " | " + padding + rows.get(r)[i]);
            }
            text.append(" |\n");
            if (r == 0) {
                for (int i = 0; i < columns; i++) {
                    text.append('|').append("-".repeat(widths[i] + (i == 0 ? 2 : 1))).append(i == 0 ? "" : ":");
                }
                text.append("|\n");
            }
        }
        return text.toString();
    }
}
