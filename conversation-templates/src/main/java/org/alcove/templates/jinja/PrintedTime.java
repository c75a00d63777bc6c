package org.alcove.templates.jinja;

import java.time.LocalDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Locale;

/** A moment as C's {@code strftime} prints it in English; it has no time zone, so that fields of one are empty, as Python's. */
final class PrintedTime {

    private PrintedTime() { }

    static String of(LocalDateTime now, String format) {
        StringBuilder out = new StringBuilder();
        for (int i = 0; i < format.length(); i++) {
            char c = format.charAt(i);
            if (c != '%' || i + 1 == format.length()) {
                out.append(c);
                continue;
            }
            char field = format.charAt(++i);
            boolean bare = field == '-' && i + 1 < format.length();
            String text = field(now, bare ? format.charAt(++i) : field);
            out.append(bare ? text.replaceFirst("^[0 ]+(?=.)", "") : text);
        }
        return out.toString();
    }

    private static String field(LocalDateTime now, char field) {
        int weekday = now.getDayOfWeek().getValue();
        return switch (field) {
            case '%' -> "%";
            case 'z', 'Z' -> "";
            case 'u' -> String.valueOf(weekday);
            case 'w' -> String.valueOf(weekday % 7);
            case 'U' -> week(now, weekday % 7);
            case 'W' -> week(now, weekday - 1);
            case 'c' -> of(now, "%a %b %e %H:%M:%S %Y");
            case 'D', 'x' -> of(now, "%m/%d/%y");
            case 'F' -> of(now, "%Y-%m-%d");
            case 'R' -> of(now, "%H:%M");
            case 'T', 'X' -> of(now, "%H:%M:%S");
            default -> now.format(DateTimeFormatter.ofPattern(pattern(field), Locale.ENGLISH));
        };
    }

    /** The week of the year, where days before the first beginning of a week belong to week 0. */
    private static String week(LocalDateTime now, int daysSinceItsBeginning) {
        return String.format("%02d", (now.getDayOfYear() + 6 - daysSinceItsBeginning) / 7);
    }

    private static String pattern(char field) {
        return switch (field) {
            case 'Y' -> "yyyy";
            case 'y' -> "yy";
            case 'G' -> "YYYY";
            case 'm' -> "MM";
            case 'd' -> "dd";
            case 'e' -> "ppd";
            case 'H' -> "HH";
            case 'I' -> "hh";
            case 'M' -> "mm";
            case 'S' -> "ss";
            case 'f' -> "SSSSSS";
            case 'p' -> "a";
            case 'A' -> "EEEE";
            case 'a' -> "EEE";
            case 'B' -> "MMMM";
            case 'b', 'h' -> "MMM";
            case 'j' -> "DDD";
            default -> throw Run.fault("prints the time with '%" + Run.shown(String.valueOf(field))
                    + "', which is not supported");
        };
    }
}
