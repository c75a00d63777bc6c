package org.alcove.core;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.time.Duration;
import org.alcove.api.worker.Generation;
import org.junit.jupiter.api.Test;

class QueueTest {

    private final Platform platform = new Platform();
    private final FakeWorker worker = platform.worker("w", "m");

    private int queue() {
        return platform.status("w").queueLength();
    }

    /** The worker beats, and says that it has so many. */
    private void beat(int length) {
        platform.time.pass(Duration.ofMillis(10));
        worker.queue = length;
    }

    @Test
    void requestsFromElsewhereCountBesideOurOwn() {
        beat(5);
        assertEquals(5, queue());
        Generation own = platform.generate("m");
        assertEquals(6, queue());
        beat(6);
        assertEquals(6, queue());
        own.close();
        assertEquals(5, queue());
        beat(0);
        assertEquals(0, queue());
    }

    @Test
    void whatIsOursAndReportedCountsOnce() {
        Generation first = platform.generate("m");
        Generation second = platform.generate("m");
        beat(2);
        assertEquals(2, queue());
        first.close();
        second.close();
        assertEquals(0, queue());
    }

    @Test
    void aReportThatIsOlderThanTheEndOfARequestDoesNotCountItAgain() {
        worker.heartbeat = true;
        var moment = platform.time.now();
        worker.lastBeat = () -> moment;
        assertEquals(0, queue());
        // The worker beats while it has our request; the beat is seen only after the request has ended.
        platform.generate("m").close();
        worker.queue = 1;
        assertEquals(0, queue());
        assertEquals(0, queue());
    }

    @Test
    void aReportThatComesAgainChangesNothing() {
        var moment = platform.time.now();
        worker.lastBeat = () -> moment;
        worker.queue = 4;
        Generation own = platform.generate("m");
        assertEquals(5, queue());
        platform.controller.workers();
        own.close();
        assertEquals(4, queue());
        assertEquals(4, queue());
    }
}
