package org.alcove.plot;

import java.math.BigDecimal;
import java.math.RoundingMode;

/** Writes SVG elements; lengths in pixels from the left and the top. Every text is escaped. */
final class Canvas {

    static final String GRID = "#dddddd";
    static final String AXIS = "#555555";
    private static final String INK = "#222222";
    /** Height of the letters. */
    private static final int TEXT = 12;
    /** Width of an average letter: no font is asked, so places are kept for a wide one. */
    private static final double LETTER = 6.8;

    private final StringBuilder body = new StringBuilder();

    Canvas(int width, int height, String title) {
        body.append("<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"").append(width).append("\" height=\"").append(height)
                .append("\" viewBox=\"0 0 ").append(width).append(' ').append(height)
                .append("\" role=\"img\" font-family=\"Helvetica, Arial, 'DejaVu Sans', sans-serif\" font-size=\"").append(TEXT)
                .append("\">\n<title>").append(escaped(title)).append("</title>\n");
        // Pages may be dark; the chart brings its own paper.
        body.append("<rect width=\"").append(width).append("\" height=\"").append(height).append("\" fill=\"#ffffff\"/>\n");
    }

    /** Which point of a text its coordinates name. */
    enum Anchor {
        START("start", ""), MIDDLE("middle", ""), END("end", ""), SLANTED("end", "-35"), UPRIGHT("middle", "-90"),
        HEADING("start", "");

        private final String anchor;
        private final String turn;

        Anchor(String anchor, String turn) {
            this.anchor = anchor;
            this.turn = turn;
        }
    }

    /** Room that a text takes, at most, in pixels. */
    static double width(String text) {
        return text.codePointCount(0, text.length()) * LETTER;
    }

    /** Two decimals are finer than any screen; the same on every machine and in every locale. */
    static String number(double value) {
        BigDecimal rounded = BigDecimal.valueOf(value).setScale(2, RoundingMode.HALF_EVEN).stripTrailingZeros();
        return rounded.signum() == 0 ? "0" : rounded.toPlainString();
    }

    void line(double left, double top, double right, double bottom, String colour) {
        body.append("<line x1=\"").append(number(left)).append("\" y1=\"").append(number(top)).append("\" x2=\"")
                .append(number(right)).append("\" y2=\"").append(number(bottom)).append("\" stroke=\"").append(colour)
                .append("\"/>\n");
    }

    void rectangle(double left, double top, double width, double height, String fill) {
        body.append("<rect x=\"").append(number(left)).append("\" y=\"").append(number(top)).append("\" width=\"")
                .append(number(width)).append("\" height=\"").append(number(height)).append("\" fill=\"").append(fill)
                .append("\"/>\n");
    }

    void path(String commands, String attributes) {
        if (!commands.isEmpty()) {
            body.append("<path d=\"").append(commands).append("\" ").append(attributes).append("/>\n");
        }
    }

    void label(double left, double top, String text, Anchor anchor) {
        if (text.isEmpty()) {
            return;
        }
        body.append("<text x=\"").append(number(left)).append("\" y=\"").append(number(top)).append("\" fill=\"").append(INK)
                .append("\" text-anchor=\"").append(anchor.anchor).append('"');
        if (anchor == Anchor.HEADING) {
            body.append(" font-size=\"15\" font-weight=\"bold\"");
        }
        if (!anchor.turn.isEmpty()) {
            body.append(" transform=\"rotate(").append(anchor.turn).append(' ').append(number(left)).append(' ')
                    .append(number(top)).append(")\"");
        }
        body.append('>').append(escaped(text)).append("</text>\n");
    }

    String svg() {
        return body + "</svg>\n";
    }

    /** Text as XML 1.0 may hold it: what it forbids altogether becomes the replacement character. */
    static String escaped(String text) {
        StringBuilder escaped = new StringBuilder();
        text.codePoints().forEach(point -> {
            switch (point) {
                case '&' -> escaped.append("&amp;");
                case '<' -> escaped.append("&lt;");
                case '>' -> escaped.append("&gt;");
                case '"' -> escaped.append("&quot;");
                default -> escaped.appendCodePoint(allowed(point) ? point : 0xFFFD);
            }
        });
        return escaped.toString();
    }

    private static boolean allowed(int point) {
        return point == '\t' || point == '\n' || point == '\r' || point >= 0x20 && point < 0xD800
                || point >= 0xE000 && point < 0xFFFE || point >= 0x10000;
    }
}
