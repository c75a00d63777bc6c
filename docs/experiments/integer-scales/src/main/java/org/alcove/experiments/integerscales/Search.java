package org.alcove.experiments.integerscales;

/** What a layout tries, and how it judges errors. */
enum Search {

    /** Nothing: scales follow from the weights of largest magnitude. */
    NONE(""),
    /** The least sum of squares. */
    SQUARES("-searched"),
    /**
     * The least sum of squares, each times {@code s + w * w}, where w is the weight and s the mean square of those that are
     * packed together: what is large must keep its value, since it was made large for a reason.
     */
    WEIGHED("-weighed");

    /** What a layout's name ends in. */
    final String suffix;

    Search(String suffix) {
        this.suffix = suffix;
    }

    /** How much the square of an error counts: {@code constant + factor * w * w}. */
    record Importance(double constant, double factor) {

        double of(double weight) {
            return constant + factor * weight * weight;
        }
    }

    Importance importance(float[] weights, int first, int end) {
        if (this != WEIGHED) {
            return new Importance(1, 0);
        }
        double squares = 0;
        for (int i = first; i < end; i++) {
            squares += (double) weights[i] * weights[i];
        }
        return new Importance(squares / (end - first), 1);
    }
}
