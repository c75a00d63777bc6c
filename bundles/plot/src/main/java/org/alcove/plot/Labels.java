package org.alcove.plot;

import java.util.Objects;

/** What a chart says in words. */
record Labels(String title, String x, String y) {

    Labels {
        Objects.requireNonNull(title, "title");
        Objects.requireNonNull(x, "label of the horizontal axis");
        Objects.requireNonNull(y, "label of the vertical axis");
    }

    static Labels titled(String title) {
        return new Labels(title, "", "");
    }

    Labels axes(String horizontal, String vertical) {
        return new Labels(title, horizontal, vertical);
    }
}
