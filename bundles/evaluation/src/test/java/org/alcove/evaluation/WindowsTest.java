package org.alcove.evaluation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import org.alcove.evaluation.Windows.Window;
import org.junit.jupiter.api.Test;

class WindowsTest {

    private static int[] timesScored(List<Window> windows, int tokens) {
        int[] times = new int[tokens];
        for (Window window : windows) {
            for (int i = window.firstScored(); i < window.end(); i++) {
                times[i]++;
            }
        }
        return times;
    }

    @Test
    void stridesScoreEveryTokenButTheFirstOnceAfterEnoughOthers() {
        for (int tokens : new int[] {2, 7, 8, 9, 15, 16, 17, 100}) {
            for (int stride = 1; stride < 8; stride++) {
                List<Window> windows = Windows.STRIDED.cut(tokens, 8, stride);
                int[] once = new int[tokens];
                Arrays.fill(once, 1, tokens, 1);
                assertEquals(Arrays.toString(once), Arrays.toString(timesScored(windows, tokens)), tokens + " by " + stride);
                for (Window window : windows.subList(1, windows.size())) {
                    assertTrue(window.firstScored() - window.begin() >= 8 - stride, window.toString());
                    assertTrue(window.end() - window.begin() <= 8);
                }
            }
        }
    }

    @Test
    void strideAsLongAsTheContextLeavesOutTheFirstTokenOfEachWindow() {
        assertEquals("[0, 1, 1, 1, 0, 1, 1, 1, 0, 1]", Arrays.toString(timesScored(Windows.STRIDED.cut(10, 4, 4), 10)));
    }

    @Test
    void halvesScoreWhatComesAfterTheMiddleAndLeaveOutAnEndThatFillsNoWindow() {
        List<Window> windows = Windows.HALVES.cut(19, 8, 0);
        assertEquals(List.of(new Window(0, 8, 5, true), new Window(8, 16, 13, true)), windows);
        assertEquals(3, windows.getFirst().scored());
    }

    @Test
    void aTextOfOneTokenHasNoWindow() {
        assertEquals(List.of(), Windows.STRIDED.cut(1, 8, 4));
        assertEquals(List.of(), Windows.HALVES.cut(7, 8, 0));
    }
}
