package org.alcove.plot;

/** What tells series apart: colour and marker, for more than seven also dashes. */
final class Palette {

    /** The colours of Okabe and Ito, which colour-blind readers can tell apart, without their yellow: it is lost on white. */
    private static final String[] COLOURS = {"#0072b2", "#d55e00", "#009e73", "#cc79a7", "#e69f00", "#56b4e9", "#444444"};
    private static final String[] DASHES = {"", " stroke-dasharray=\"7 4\"", " stroke-dasharray=\"2 3\""};
    private static final int MARKERS = 5;

    private Palette() {
    }

    static String colour(int series) {
        return COLOURS[series % COLOURS.length];
    }

    static String dash(int series) {
        return DASHES[series / COLOURS.length % DASHES.length];
    }

    /** A marker around a point, as commands of a path. */
    static String marker(int series, double left, double top) {
        return switch (series % MARKERS) {
            case 0 -> at(left - 4, top) + "a4 4 0 1 0 8 0a4 4 0 1 0 -8 0z";
            case 1 -> at(left - 3.5, top - 3.5) + "h7v7h-7z";
            case 2 -> at(left, top - 5) + "l4.5 8h-9z";
            case 3 -> at(left, top - 5) + "l5 5l-5 5l-5 -5z";
            default -> at(left, top + 5) + "l4.5 -8h-9z";
        };
    }

    private static String at(double left, double top) {
        return "M" + Canvas.number(left) + " " + Canvas.number(top);
    }
}
