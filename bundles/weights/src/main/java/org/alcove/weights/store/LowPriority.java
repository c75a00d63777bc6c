package org.alcove.weights.store;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lets the calling thread give way to others. The virtual machine does not tell Linux about priorities of threads, so the
 * system is told by {@code setpriority}, which there is about one thread.
 */
final class LowPriority {

    /**
     * The lowest niceness: beside a busy thread, such a one gets 1.5 % of a processor. Not the idle class, which would get a
     * fifth of that: a change of kernels waits for the piece that is being copied.
     */
    private static final int NICE = 19;
    private static final Logger LOG = LoggerFactory.getLogger(LowPriority.class);

    private LowPriority() {
    }

    /** For as long as the calling thread lives. A system that does not know how leaves it as it is. */
    static void enter() {
        Linker linker = Linker.nativeLinker();
        Optional<MemorySegment> symbol = linker.defaultLookup().find("setpriority");
        if (symbol.isEmpty()) {
            return;
        }
        MethodHandle call = linker.downcallHandle(symbol.get(), FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT,
                ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));
        try {
            // Of a thread (0), the calling one (0).
            int failed = (int) call.invokeExact(0, 0, NICE);
            if (failed != 0) {
                LOG.debug("The system does not let {} give way to others", Thread.currentThread().getName());
            }
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }
}
