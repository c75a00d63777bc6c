package org.alcove.attestation;

import java.util.regex.Pattern;

/**
 * One line of a verdict. Texts may quote what a stranger sent: control characters are replaced and length is bounded, so that a
 * line can be printed as it is.
 *
 * @param name what was checked, the same words in every verdict
 * @param expected what would have been good; empty where it did not come to that
 * @param found what there was
 * @param result what it means
 */
public record Check(String name, String expected, String found, Result result) {
    private static final int LONGEST = 1_000;
    private static final Pattern UNPRINTABLE = Pattern.compile("[\\p{Cc}\\p{Cf}\\p{Cs}\\p{Zl}\\p{Zp}]");

    /** What a line means for the verdict. */
    public enum Result {
        /** As expected. */
        PASSED,
        /** Accepted because the policy says so, and worth a look. */
        WARNED,
        /** The verdict is bad. */
        FAILED
    }

    /** Cleans the texts. */
    public Check {
        name = printable(name);
        expected = printable(expected);
        found = printable(found);
    }

    private static String printable(String text) {
        String cut = text.length() > LONGEST ? text.substring(0, LONGEST) + " …" : text;
        return UNPRINTABLE.matcher(cut).replaceAll("?");
    }
}
