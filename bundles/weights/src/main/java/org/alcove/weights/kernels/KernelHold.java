package org.alcove.weights.kernels;

import java.util.List;
import java.util.concurrent.locks.Lock;
import org.alcove.api.kernel.PackedLayout;

/** Kernels held in place. Closed by the thread that opened it; until then kernels that come or go wait. */
public final class KernelHold implements AutoCloseable {

    private final Lock lock;
    private final List<InstalledKernel> kernels;
    private final PackedLayout[] interleaved;
    private volatile boolean closed;

    KernelHold(Lock lock, List<InstalledKernel> kernels, PackedLayout[] interleaved) {
        this.lock = lock;
        this.kernels = kernels;
        this.interleaved = interleaved;
    }

    /** The kernel for the layout with this index. */
    public InstalledKernel kernel(int index) {
        if (closed) {
            throw new IllegalStateException("the lease is closed; open one for each layer");
        }
        return kernels.get(index);
    }

    /** The layout with rows side by side that this kernel prefers to the one with this index; null where there is none. */
    public PackedLayout interleaved(int index) {
        return interleaved[index];
    }

    /** Changes, as an identity, whenever kernels come or go. */
    public Object version() {
        return interleaved;
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
