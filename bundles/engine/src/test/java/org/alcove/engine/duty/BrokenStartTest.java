package org.alcove.engine.duty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.function.LongSupplier;
import org.alcove.engine.memory.MemoryWeights;
import org.junit.jupiter.api.Test;

/** Engines that cannot be opened, because the system has no thread or no memory left. */
class BrokenStartTest {

    @Test
    void whatWasMadeUntilTheLastPartFailedIsGone() {
        OutOfMemoryError refusal = new OutOfMemoryError("unable to create native thread");
        MemoryWeights weights = Engines.tiny();
        // The engine itself, made last, is the first to ask what time it is.
        LongSupplier clock = () -> {
            throw refusal;
        };
        assertSame(refusal, assertThrows(OutOfMemoryError.class,
                () -> Engines.open(weights, Engines.SETTINGS.withThreads(4), clock)));
        assertEquals(0, Thread.getAllStackTraces().keySet().stream().filter(Thread::isAlive)
                .filter(thread -> thread.getName().startsWith("alcove-engine-memory")).count());
        weights.close();
    }
}
