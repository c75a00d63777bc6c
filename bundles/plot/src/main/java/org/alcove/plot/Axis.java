package org.alcove.plot;

import java.math.BigDecimal;
import java.math.MathContext;
import java.math.RoundingMode;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Maps values to places from 0 to 1, and says which values are marked. Ticks are computed in decimals: a tick at 0.3 is 0.3, not
 * the third multiple of a rounded 0.1.
 *
 * @param logarithmic whether equal distances are equal ratios
 * @param least value at place 0
 * @param greatest value at place 1
 * @param ticks marked values, ascending
 */
record Axis(boolean logarithmic, double least, double greatest, List<BigDecimal> ticks) {

    /** Steps between ticks are at least a sixth of the range. */
    private static final BigDecimal STEPS = BigDecimal.valueOf(6);
    private static final BigDecimal[] MANTISSAS = {BigDecimal.ONE, BigDecimal.TWO, BigDecimal.valueOf(5), BigDecimal.TEN};
    /** Decades that are marked at 2 and 5 too. */
    private static final int FEW_DECADES = 2;
    private static final int MOST_DECADE_TICKS = 8;

    /** An axis in equal steps, which begins at 0 unless that would waste half of it. Values that are not finite do not count. */
    static Axis linear(double... values) {
        double[] finite = Arrays.stream(values).filter(Double::isFinite).toArray();
        double least = Arrays.stream(finite).min().orElse(0);
        double greatest = Arrays.stream(finite).max().orElse(1);
        if (least > 0 && (least <= greatest / 2 || least == greatest)) {
            least = 0;
        } else if (greatest < 0 && (greatest >= least / 2 || least == greatest)) {
            greatest = 0;
        } else if (least == 0 && greatest == 0) {
            greatest = 1;
        }
        List<BigDecimal> ticks = ticks(least, greatest);
        return new Axis(false, ticks.getFirst().doubleValue(), ticks.getLast().doubleValue(), ticks);
    }

    private static List<BigDecimal> ticks(double least, double greatest) {
        BigDecimal low = new BigDecimal(Double.toString(least));
        BigDecimal high = new BigDecimal(Double.toString(greatest));
        BigDecimal raw = high.subtract(low).divide(STEPS, MathContext.DECIMAL64);
        BigDecimal decade = BigDecimal.ONE.scaleByPowerOfTen(raw.precision() - raw.scale() - 1);
        BigDecimal step = decade;
        for (int i = 0; step.compareTo(raw) < 0; i++) {
            step = decade.multiply(MANTISSAS[i]);
        }
        BigDecimal first = low.divide(step, 0, RoundingMode.FLOOR);
        BigDecimal last = high.divide(step, 0, RoundingMode.CEILING);
        List<BigDecimal> ticks = new ArrayList<>();
        for (BigDecimal i = first; i.compareTo(last) <= 0; i = i.add(BigDecimal.ONE)) {
            ticks.add(i.multiply(step));
        }
        return ticks;
    }

    /**
     * An axis in equal ratios. Values that are not finite do not count.
     *
     * @throws IllegalArgumentException if a value is not above 0
     */
    static Axis logarithmic(String name, double... values) {
        double[] finite = Arrays.stream(values).filter(Double::isFinite).toArray();
        double least = Arrays.stream(finite).min().orElse(1);
        double greatest = Arrays.stream(finite).max().orElse(10);
        if (least <= 0) {
            throw new IllegalArgumentException("the logarithmic axis \"" + name + "\" cannot show " + least
                    + ", only values above 0: leave it out or use a linear axis");
        }
        int low = exponent(least, RoundingMode.FLOOR);
        int high = Math.max(low + 1, exponent(greatest, RoundingMode.CEILING));
        int every = Math.max(1, (high - low + MOST_DECADE_TICKS - 1) / MOST_DECADE_TICKS);
        List<BigDecimal> ticks = new ArrayList<>();
        for (int decade = low; decade <= high; decade += every) {
            BigDecimal one = BigDecimal.ONE.scaleByPowerOfTen(decade);
            ticks.add(one);
            if (high - low <= FEW_DECADES && decade < high) {
                ticks.add(one.multiply(MANTISSAS[1]));
                ticks.add(one.multiply(MANTISSAS[2]));
            }
        }
        // The axis ends at the ticks next to the values, not at the decades.
        while (ticks.size() > 2 && ticks.get(1).doubleValue() <= least) {
            ticks.removeFirst();
        }
        while (ticks.size() > 2 && ticks.get(ticks.size() - 2).doubleValue() >= greatest) {
            ticks.removeLast();
        }
        return new Axis(true, ticks.getFirst().doubleValue(), Math.max(greatest, ticks.getLast().doubleValue()), ticks);
    }

    private static int exponent(double value, RoundingMode rounding) {
        BigDecimal exact = new BigDecimal(Double.toString(value));
        int floor = exact.precision() - exact.scale() - 1;
        boolean power = exact.compareTo(BigDecimal.ONE.scaleByPowerOfTen(floor)) == 0;
        return rounding == RoundingMode.FLOOR || power ? floor : floor + 1;
    }

    /** Where a value lies: 0 at the axis' least value, 1 at its greatest. */
    double place(double value) {
        // StrictMath gives the same bits, hence the same bytes, on every machine.
        return logarithmic ? StrictMath.log(value / least) / StrictMath.log(greatest / least)
                : (value - least) / (greatest - least);
    }

    /** What is written at a tick: plain up to 99999, then in thousands, millions, billions; tiny ones with an exponent. */
    static String text(BigDecimal tick) {
        if (tick.signum() == 0) {
            return "0";
        }
        BigDecimal plain = tick.stripTrailingZeros();
        int exponent = plain.precision() - plain.scale() - 1;
        if (exponent >= 5 && exponent < 12) {
            int thousands = exponent / 3;
            return plain.scaleByPowerOfTen(-3 * thousands).toPlainString() + " kMG".charAt(thousands);
        }
        if (exponent >= 12 || exponent < -4) {
            return plain.scaleByPowerOfTen(-exponent).toPlainString() + "e" + exponent;
        }
        return plain.toPlainString();
    }
}
