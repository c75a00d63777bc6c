package org.alcove.weights.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Threads that give way to others. */
@Timeout(300)
class CopyCrewTest {

    private static final Path THREAD = Path.of("/proc/thread-self/stat");

    @Test
    void everyPieceIsDoneOnceAndTwoAtATime() throws IOException {
        AtomicIntegerArray done = new AtomicIntegerArray(100);
        CyclicBarrier both = new CyclicBarrier(2);
        CopyCrew.run(2, done.length(), piece -> {
            done.incrementAndGet(piece);
            try {
                both.await();
            } catch (InterruptedException | BrokenBarrierException e) {
                throw new IOException(e);
            }
        });
        for (int i = 0; i < done.length(); i++) {
            assertEquals(1, done.get(i), "piece " + i);
        }
    }

    @Test
    void theFirstFailureIsThrownAndWhatWasNotBegunIsNotDone() {
        IOException full = new IOException("No space left on device");
        AtomicInteger begun = new AtomicInteger();
        assertSame(full, assertThrows(IOException.class, () -> CopyCrew.run(1, 10, piece -> {
            if (begun.incrementAndGet() == 3) {
                throw full;
            }
        })));
        assertEquals(3, begun.get());
    }

    @Test
    void threadsThatCannotGiveWayWorkAllTheSame() throws IOException {
        AtomicInteger done = new AtomicInteger();
        CopyCrew.run(2, 10, () -> {
            throw new IllegalCallerException("native access is not allowed");
        }, piece -> done.incrementAndGet());
        assertEquals(10, done.get());
    }

    @Test
    void aPieceThatEndsItsThreadUnseenIsMissed() {
        IOException missed = assertThrows(IOException.class, () -> CopyCrew.run(1, 10, piece -> {
            if (piece == 3) {
                CopyCrewTest.<RuntimeException>unseen(new Exception("nobody expects it"));
            }
        }));
        assertEquals("3 of 10 pieces were copied: a thread ended before its piece was done", missed.getMessage());
    }

    @SuppressWarnings("unchecked")
    private static <T extends Throwable> void unseen(Throwable thrown) throws T {
        throw (T) thrown;
    }

    @Test
    void theSystemIsToldToPreferOthers() throws IOException {
        Assumptions.assumeTrue(Files.isReadable(THREAD), "NOT TESTED: the system does not say how nice a thread is");
        int before = niceness();
        AtomicInteger nice = new AtomicInteger();
        CopyCrew.run(1, 1, piece -> nice.set(niceness()));
        assertEquals(19, nice.get());
        assertEquals(before, niceness(), "the caller stays as it is");
    }

    /** The 19th field; the second one is a name in brackets, which may hold anything. */
    private static int niceness() throws IOException {
        String line = Files.readString(THREAD);
        return Integer.parseInt(line.substring(line.lastIndexOf(')') + 2).split(" ")[16]);
    }
}
