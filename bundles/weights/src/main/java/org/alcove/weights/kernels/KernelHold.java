package org.alcove.weights.kernels;

import java.util.List;
import java.util.concurrent.locks.Lock;

/** Kernels held in place. Closed by the thread that opened it; until then kernels that come or go wait. */
public final class KernelHold implements AutoCloseable {

    private final Lock lock;
    private final List<InstalledKernel> kernels;
    private volatile boolean closed;

    KernelHold(Lock lock, List<InstalledKernel> kernels) {
        this.lock = lock;
        this.kernels = kernels;
    }

    /** The kernel for the layout with this index. */
    public InstalledKernel kernel(int index) {
        if (closed) {
            throw new IllegalStateException("the lease is closed; open one for each layer");
        }
        return kernels.get(index);
    }

    /** Lets go. Closing twice changes nothing. */
    @Override
    public void close() {
        if (!closed) {
            lock.unlock();
            closed = true;
        }
    }
}
