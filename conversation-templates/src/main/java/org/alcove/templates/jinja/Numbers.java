package org.alcove.templates.jinja;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Whole and broken numbers as Python reads, rounds and prints them. */
final class Numbers {

    private static final Pattern WHOLE = Pattern.compile("([-+]?)(0[xX]_?|0[bB]_?|0[oO]_?)?(\\p{Alnum}+(?:_\\p{Alnum}+)*)");
    private static final Pattern BROKEN = Pattern.compile(
            "[-+]?(\\d+(_\\d+)*\\.?(\\d+(_\\d+)*)?|\\.\\d+(_\\d+)*)([eE][-+]?\\d+(_\\d+)*)?");
    /** Python, too, takes a text with more digits than this for no whole number. */
    private static final int MOST_READ = 4300;
    /** No double has more digits than this, before or behind the point. */
    private static final int MOST_DIGITS = 400;

    private Numbers() { }

    /** The filter {@code int}. */
    static Object whole(Run run, Object value, Arguments args) {
        Object preset = args.value(0, "default", 0L);
        if (value instanceof String text) {
            String plain = run.mask().plain(Texts.strip(run.mask(), text, null, "strip"));
            BigInteger read = whole(plain, args.whole(1, "base", 10));
            Double broken = read == null ? broken(plain) : null;
            return read != null ? narrowed(read) : broken == null || !Double.isFinite(broken) ? preset : cut(broken);
        }
        return value instanceof Double broken ? Double.isFinite(broken) ? cut(broken) : preset
                : Values.isNumber(value) ? narrowed(exact(value)) : unread(value, preset);
    }

    /** The filter {@code float}. */
    static Object broken(Run run, Object value, Arguments args) {
        Object preset = args.value(0, "default", 0.0);
        if (value instanceof String text) {
            Double read = broken(run.mask().plain(Texts.strip(run.mask(), text, null, "strip")));
            return read == null ? preset : read;
        }
        return Values.isNumber(value) ? (Object) Values.number(value) : unread(value, preset);
    }

    private static Object unread(Object value, Object preset) {
        if (value == Values.UNDEFINED) {
            throw Run.fault("makes a number of something undefined");
        }
        return preset;
    }

    private static BigInteger whole(String text, int base) {
        if (base != 0 && (base < 2 || base > 36)) {
            throw Run.fault("reads a number to base " + base + "; bases are 0 and 2 to 36");
        }
        Matcher parts = WHOLE.matcher(text);
        if (text.length() > MOST_READ || !parts.matches()) {
            return null;
        }
        String mark = parts.group(2) == null ? "" : parts.group(2).substring(1, 2).toLowerCase(Locale.ROOT);
        int marked = mark.isEmpty() ? 10 : radix(mark.charAt(0));
        boolean applies = base == 0 || !mark.isEmpty() && base == marked;
        String digits = applies || parts.group(2) == null ? parts.group(3) : parts.group(2) + parts.group(3);
        try {
            return new BigInteger(parts.group(1) + digits.replace("_", ""), base == 0 ? marked : base);
        } catch (NumberFormatException e) {
            return null;
        }
    }

    /** The base of a number that is marked as by {@code 0x}. */
    static int radix(char mark) {
        return switch (mark) {
            case 'x', 'X' -> 16;
            case 'o', 'O' -> 8;
            default -> 2;
        };
    }

    private static Double broken(String text) {
        String word = text.toLowerCase(Locale.ROOT).replaceFirst("^[-+]", "");
        double sign = text.startsWith("-") ? -1 : 1;
        return word.equals("inf") || word.equals("infinity") ? (Double) (sign * Double.POSITIVE_INFINITY)
                : word.equals("nan") ? (Double) Double.NaN
                : text.length() <= MOST_READ && BROKEN.matcher(text).matches() ? Double.valueOf(text.replace("_", "")) : null;
    }

    private static Object cut(double broken) {
        return narrowed(new BigDecimal(broken).toBigInteger());
    }

    /** A whole number as the data of a template holds it; one beyond 64 bits may be printed, not calculated with. */
    static Object narrowed(BigInteger number) {
        return number.bitLength() < Long.SIZE ? (Object) number.longValue() : number;
    }

    static BigInteger exact(Object value) {
        return value instanceof BigInteger number ? number : BigInteger.valueOf(Values.whole(value));
    }

    /** The filter {@code round}: a half goes to the even neighbour, a whole number stays one. */
    static Object round(Object value, Arguments args) {
        int precision = (int) Math.clamp(Values.whole(args.value(0, "precision", 0L)), -MOST_DIGITS - 1, MOST_DIGITS + 1);
        String method = args.value(1, "method", "common") instanceof String text ? text : "";
        double number = Values.number(value);
        double power = Math.pow(10, precision);
        return switch (method) {
            case "common" -> rounded(value, number, precision);
            case "ceil" -> Math.ceil(number * power) / power;
            case "floor" -> Math.floor(number * power) / power;
            default -> throw Run.fault("rounds by a method other than common, ceil and floor");
        };
    }

    private static Object rounded(Object value, double number, int precision) {
        if (!(value instanceof Double)) {
            BigDecimal exact = new BigDecimal(exact(value));
            return precision >= 0 ? narrowed(exact.toBigInteger()) : precision < -MOST_DIGITS ? (Object) 0L
                    : narrowed(exact.setScale(precision, RoundingMode.HALF_EVEN).toBigInteger());
        }
        if (!Double.isFinite(number) || precision > MOST_DIGITS) {
            return number;
        }
        return precision < -MOST_DIGITS ? Math.copySign(0, number)
                : Math.copySign(new BigDecimal(number).setScale(precision, RoundingMode.HALF_EVEN).doubleValue(), number);
    }

    /** Python's {@code repr} of a finite number. */
    static String print(double number) {
        BigDecimal digits = new BigDecimal(Double.toString(Math.abs(number))).stripTrailingZeros();
        int exponent = digits.signum() == 0 ? 0 : digits.precision() - digits.scale() - 1;
        String sign = Math.copySign(1, number) < 0 ? "-" : "";
        if (exponent >= -4 && exponent < 16) {
            String plain = digits.toPlainString();
            return sign + plain + (plain.indexOf('.') < 0 ? ".0" : "");
        }
        String all = digits.unscaledValue().toString();
        return sign + all.charAt(0) + (all.length() > 1 ? "." + all.substring(1) : "")
                + String.format("e%s%02d", exponent < 0 ? "-" : "+", Math.abs(exponent));
    }
}
