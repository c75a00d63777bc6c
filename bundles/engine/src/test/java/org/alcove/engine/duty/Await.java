package org.alcove.engine.duty;

import static org.junit.jupiter.api.Assertions.fail;

import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;

/** Waits for what another thread will do. */
final class Await {

    private static final long MOST_NANOS = 60_000_000_000L;

    private Await() {
    }

    static void until(String what, BooleanSupplier condition) {
        long start = System.nanoTime();
        while (!condition.getAsBoolean()) {
            if (System.nanoTime() - start > MOST_NANOS) {
                fail("waited in vain until " + what);
            }
            LockSupport.parkNanos(200_000);
        }
    }
}
