package org.alcove.weights.kernels;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import org.alcove.api.kernel.PackedLayout;
import org.alcove.weights.KernelUnavailableException;

/** The best kernel for each of some layouts, chosen again whenever kernels come or go. Thread-safe. */
public final class KernelSelection {

    private final KernelRegistry registry;
    private final List<PackedLayout> layouts;
    private volatile Choice choice = new Choice(null, List.of(), new PackedLayout[0]);

    KernelSelection(KernelRegistry registry, List<PackedLayout> layouts) {
        this.registry = registry;
        this.layouts = List.copyOf(layouts);
    }

    /**
     * Keeps the kernels of all layouts in place until closed, by the thread that called.
     *
     * @throws KernelUnavailableException if a layout has none
     */
    public KernelHold hold() {
        KernelHold hold = new KernelHold(this);
        take(hold);
        return hold;
    }

    void take(KernelHold hold) {
        registry.readLock().lock();
        try {
            Choice chosen = chosen();
            hold.hold(chosen.kernels(), chosen.interleaved());
        } catch (RuntimeException e) {
            registry.readLock().unlock();
            throw e;
        }
    }

    void release() {
        registry.readLock().unlock();
    }

    /**
     * Waits until every layout has a kernel.
     *
     * @return whether it has
     */
    public boolean await(long timeout, TimeUnit unit) throws InterruptedException {
        long deadline = System.nanoTime() + unit.toNanos(timeout);
        synchronized (registry.changed()) {
            while (!missing(registry.kernels()).isEmpty()) {
                long left = deadline - System.nanoTime();
                if (left <= 0) {
                    return false;
                }
                TimeUnit.NANOSECONDS.timedWait(registry.changed(), left);
            }
            return true;
        }
    }

    /** Formats and the tiers that serve them, for example {@code f32 (vector), sym_int4 (none)}. */
    public String describe() {
        List<InstalledKernel> kernels = registry.kernels();
        TreeSet<String> parts = new TreeSet<>();
        for (PackedLayout layout : layouts) {
            parts.add(layout.format() + " (" + best(kernels, layout).map(InstalledKernel::tier).orElse("none") + ")");
        }
        return String.join(", ", parts);
    }

    private Choice chosen() {
        List<InstalledKernel> installed = registry.kernels();
        Choice last = choice;
        if (last.from() == installed) {
            return last;
        }
        List<PackedLayout> missing = missing(installed);
        if (!missing.isEmpty()) {
            throw unavailable(missing.getFirst(), installed);
        }
        List<InstalledKernel> kernels = new ArrayList<>();
        layouts.forEach(layout -> kernels.add(best(installed, layout).orElseThrow()));
        PackedLayout[] interleaved = new PackedLayout[kernels.size()];
        for (int i = 0; i < interleaved.length; i++) {
            interleaved[i] = kernels.get(i).interleaved(layouts.get(i));
        }
        Choice next = new Choice(installed, List.copyOf(kernels), interleaved);
        choice = next;
        return next;
    }

    private List<PackedLayout> missing(List<InstalledKernel> installed) {
        return layouts.stream().filter(layout -> best(installed, layout).isEmpty()).toList();
    }

    private static Optional<InstalledKernel> best(List<InstalledKernel> installed, PackedLayout layout) {
        return installed.stream().filter(kernel -> kernel.serves(layout)).findFirst();
    }

    private static KernelUnavailableException unavailable(PackedLayout layout, List<InstalledKernel> installed) {
        String group = layout.groupSize() == PackedLayout.CHANNEL ? "a whole row" : String.valueOf(layout.groupSize());
        String there = installed.isEmpty() ? "none is installed" : "installed are "
                + installed.stream().map(InstalledKernel::describe).collect(Collectors.joining(", "));
        return new KernelUnavailableException(layout.format(), "no kernel multiplies " + layout.format() + " of layout "
                + layout.name() + ", group " + group + "; install a kernel bundle for it (" + there + ")");
    }

    /**
     * Kernels chosen, by index of layout.
     *
     * @param from the list of installed kernels they were chosen from, compared by identity; null before the first choice
     * @param interleaved by index of layout, what the kernel prefers to it; elements may be null
     */
    private record Choice(List<InstalledKernel> from, List<InstalledKernel> kernels, PackedLayout[] interleaved) {
    }
}
