package org.alcove.weights.kernels;

import java.util.List;
import org.alcove.api.kernel.PackedLayout;
import org.alcove.weights.KernelUnavailableException;

/** Kernels held in place. Closed by the thread that opened it; until then kernels that come or go wait. */
public final class KernelHold implements AutoCloseable {

    private final KernelSelection selection;
    private List<InstalledKernel> kernels = List.of();
    private PackedLayout[] interleaved = {};
    private volatile boolean closed = true;

    /** Holds nothing before it is {@link #renew renewed}. */
    KernelHold(KernelSelection selection) {
        this.selection = selection;
    }

    /**
     * Lets go, so that kernels which wait to come or go do so, and takes hold of the best.
     *
     * @throws KernelUnavailableException if a layout has none; nothing is held then
     */
    public void renew() {
        close();
        selection.take(this);
    }

    /** What is held from now on, under the lock that {@link #close} gives back. */
    void hold(List<InstalledKernel> chosen, PackedLayout[] chosenLayouts) {
        kernels = chosen;
        interleaved = chosenLayouts;
        closed = false;
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
            selection.release();
            closed = true;
        }
    }
}
