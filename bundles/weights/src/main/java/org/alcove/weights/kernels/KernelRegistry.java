package org.alcove.weights.kernels;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import org.alcove.api.kernel.PackedLayout;
import org.alcove.api.kernel.QuantizationKernel;
import org.alcove.weights.KernelFaultException;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceReference;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The kernels that are installed now, and the seam at which they come and go while answers are written.
 *
 * <p>Whoever computes holds the read lock, for one layer of a step. A kernel that comes or goes takes the write lock: it waits
 * for the layers being computed, and what is asked for after it waits for it. So a kernel is never taken from under a
 * computation, the next layer uses the best that is there, and a stream of layers cannot starve a change. Service Component
 * Runtime gives up on a lock after 5 s (and then goes on without order); a layer must take less.
 *
 * <p>Waiting for kernels uses a monitor of its own, so that a thread may wait without holding up changes.
 */
@Component(service = KernelRegistry.class)
public final class KernelRegistry {

    private static final Logger LOG = LoggerFactory.getLogger(KernelRegistry.class);

    private static final String NONE = "No kernel";

    private final ReentrantReadWriteLock lock = new ReentrantReadWriteLock();
    private final Object changed = new Object();
    /** Best first. Replaced whole, under the write lock. */
    private volatile List<InstalledKernel> kernels = List.of();

    private final BooleanSupplier stopping;

    @Activate
    public KernelRegistry(BundleContext context) {
        this(() -> context.getBundle(Constants.SYSTEM_BUNDLE_ID).getState() == Bundle.STOPPING);
    }

    KernelRegistry(BooleanSupplier stopping) {
        this.stopping = stopping;
    }

    @Reference(name = "kernel", service = QuantizationKernel.class, cardinality = ReferenceCardinality.MULTIPLE,
            policy = ReferencePolicy.DYNAMIC, updated = "update", unbind = "unbind")
    void bind(QuantizationKernel kernel, ServiceReference<QuantizationKernel> reference) {
        add(kernel, KernelOrigin.of(reference));
    }

    void update(QuantizationKernel kernel, ServiceReference<QuantizationKernel> reference) {
        bind(kernel, reference);
    }

    void unbind(QuantizationKernel kernel, ServiceReference<QuantizationKernel> reference) {
        replace(KernelOrigin.of(reference).id(), Optional.empty());
    }

    /** A registry for use outside a framework: these kernels, best first, each for the formats of its layouts. */
    public static KernelRegistry of(QuantizationKernel... kernels) {
        KernelRegistry registry = new KernelRegistry(() -> false);
        for (int i = 0; i < kernels.length; i++) {
            Set<String> formats = kernels[i].layouts().stream().map(PackedLayout::format).collect(Collectors.toSet());
            registry.add(kernels[i], new KernelOrigin(i + 1, kernels.length - i, formats, "fixed", "none"));
        }
        return registry;
    }

    /** A choice of kernels for some layouts, kept up to date. */
    public KernelSelection select(List<PackedLayout> layouts) {
        return new KernelSelection(this, layouts);
    }

    List<InstalledKernel> kernels() {
        return kernels;
    }

    Lock readLock() {
        return lock.readLock();
    }

    /** Wakes waiting threads at every change of {@link #kernels()}. */
    Object changed() {
        return changed;
    }

    void add(QuantizationKernel kernel, KernelOrigin origin) {
        Optional<InstalledKernel> added = Optional.empty();
        try {
            added = Optional.of(new InstalledKernel(kernel, origin));
        } catch (KernelFaultException e) {
            LOG.error("A kernel is not used: {}", e.getMessage(), e);
        }
        replace(origin.id(), added);
    }

    private void replace(long id, Optional<InstalledKernel> replacement) {
        lock.writeLock().lock();
        Map<String, String> before;
        Map<String, String> after;
        try {
            List<InstalledKernel> next = new ArrayList<>(kernels);
            Set<String> touched = new TreeSet<>();
            next.stream().filter(kernel -> kernel.id() == id).forEach(kernel -> touched.addAll(kernel.formats()));
            replacement.ifPresent(kernel -> touched.addAll(kernel.formats()));
            next.removeIf(kernel -> kernel.id() == id);
            replacement.ifPresent(next::add);
            next.sort(null);
            before = serving(kernels, touched);
            kernels = List.copyOf(next);
            after = serving(kernels, touched);
        } finally {
            lock.writeLock().unlock();
        }
        synchronized (changed) {
            changed.notifyAll();
        }
        report(before, after);
    }

    /** For each of some formats, the kernels that serve its layouts. */
    private static Map<String, String> serving(List<InstalledKernel> kernels, Set<String> formats) {
        Set<PackedLayout> taken = new HashSet<>();
        Map<String, Set<InstalledKernel>> serving = new TreeMap<>();
        for (InstalledKernel kernel : kernels) {
            for (PackedLayout layout : kernel.served()) {
                if (formats.contains(layout.format()) && taken.add(layout)) {
                    serving.computeIfAbsent(layout.format(), key -> new LinkedHashSet<>()).add(kernel);
                }
            }
        }
        Map<String, String> result = new TreeMap<>();
        serving.forEach((format, served) -> result.put(format, served.stream().map(InstalledKernel::describe)
                .collect(Collectors.joining(", "))));
        return result;
    }

    /** One line for each change, whatever the number of formats. When everything stops, kernels going is no news. */
    private void report(Map<String, String> before, Map<String, String> after) {
        Map<String, List<String>> changes = new LinkedHashMap<>();
        Set<String> formats = new TreeSet<>(before.keySet());
        formats.addAll(after.keySet());
        for (String format : formats) {
            String old = before.get(format);
            String now = after.get(format);
            if (!Objects.equals(old, now)) {
                String change = old == null ? now + " serves {}"
                        : now == null ? NONE + " serves {} any more: " + old + " is gone"
                        : now + " serves {} from the next layer on, instead of " + old + ": the highest ranking wins";
                changes.computeIfAbsent(change, key -> new ArrayList<>()).add(format);
            }
        }
        changes.forEach((change, affected) -> log(change, String.join(", ", affected)));
    }

    private void log(String change, String formats) {
        if (stopping.getAsBoolean()) {
            LOG.debug(change, formats);
        } else if (change.startsWith(NONE)) {
            LOG.warn(change, formats);
        } else {
            LOG.info(change, formats);
        }
    }
}
