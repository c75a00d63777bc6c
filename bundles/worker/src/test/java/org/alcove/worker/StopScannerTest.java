package org.alcove.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class StopScannerTest {

    private static final int ROUNDS = 20_000;

    private static String random(Random random, int most) {
        StringBuilder text = new StringBuilder();
        for (int i = 1 + random.nextInt(most); i > 0; i--) {
            text.append((char) ('a' + random.nextInt(2)));
        }
        return text.toString();
    }

    /**
     * Where the text ends: before the longest of the stops that are complete first; -1 where there is none.
     *
     * @param early of so many first characters none ends a stop
     */
    private static int naive(String text, List<String> stops, int early) {
        for (int end = early + 1; end <= text.length(); end++) {
            int longest = 0;
            for (String stop : stops) {
                longest = text.substring(0, end).endsWith(stop) ? Math.max(longest, stop.length()) : longest;
            }
            if (longest > 0) {
                return end - longest;
            }
        }
        return -1;
    }

    private static int possible(String text, List<String> stops) {
        int longest = 0;
        for (String stop : stops) {
            for (int length = 1; length < stop.length(); length++) {
                longest = text.endsWith(stop.substring(0, length)) ? Math.max(longest, length) : longest;
            }
        }
        return longest;
    }

    @Test
    void everyTextIsCutWhereANaiveScanCutsItHoweverItComes() {
        Random random = new Random(7);
        for (int round = 0; round < ROUNDS; round++) {
            List<String> stops = new ArrayList<>();
            for (int i = 1 + random.nextInt(4); i > 0; i--) {
                stops.add(random(random, 6));
            }
            String text = random(random, 30);
            int early = random.nextBoolean() ? 0 : random.nextInt(text.length() + 1);
            int cut = naive(text, stops, early);
            StopScanner scanner = new StopScanner(stops);
            StringBuilder out = new StringBuilder();
            for (int at = 0; at < text.length();) {
                int next = Math.min(at < early ? early : text.length(), at + random.nextInt(5));
                String piece = text.substring(at, next);
                out.append(at < early ? scanner.pass(piece) : scanner.next(piece));
                at = next;
                if (!scanner.stopped()) {
                    // Nothing more is held back than what may become a stop.
                    assertEquals(at - possible(text.substring(0, at), stops), out.length(), () -> text + " " + stops);
                }
            }
            out.append(scanner.finish());
            assertEquals(cut < 0 ? text : text.substring(0, cut), out.toString(), () -> text + " " + stops);
            assertEquals(cut >= 0, scanner.stopped());
        }
    }

    @Test
    void withoutStopsTheTextPasses() {
        StopScanner scanner = new StopScanner(List.of());
        assertEquals("abc", scanner.next("abc"));
        assertEquals("", scanner.finish());
        assertFalse(scanner.stopped());
    }

    @Test
    void afterAStopNothingIsGivenOut() {
        StopScanner scanner = new StopScanner(List.of("##"));
        assertEquals("one", scanner.next("one#"));
        assertEquals("", scanner.next("#two"));
        assertTrue(scanner.stopped());
        assertEquals("", scanner.next("three"));
        assertEquals("", scanner.finish());
    }

    @Test
    void textHeldBackInVainIsGivenOutAtTheEnd() {
        StopScanner scanner = new StopScanner(List.of("END"));
        assertEquals("the ", scanner.next("the EN"));
        assertEquals("EN", scanner.finish());
    }

    @Test
    void charactersOutsideTheBasicPlaneStayWhole() {
        StopScanner scanner = new StopScanner(List.of("\uD83D\uDE00\uD83D\uDE01"));
        assertEquals("a", scanner.next("a\uD83D\uDE00"));
        assertEquals("\uD83D\uDE00\uD83D\uDE02", scanner.next("\uD83D\uDE02"));
    }
}
