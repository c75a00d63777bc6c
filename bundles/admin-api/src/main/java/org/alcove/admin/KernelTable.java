package org.alcove.admin;

import java.time.Duration;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.alcove.api.kernel.QuantizationFormat;
import org.alcove.api.kernel.QuantizationKernel;
import org.osgi.framework.Constants;
import org.osgi.framework.ServiceReference;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;

/** Which kernels announce which formats; of each format the highest ranking computes. Reads what they announce and calls none. */
@Component(service = KernelTable.class)
public final class KernelTable {

    private final List<ServiceReference<QuantizationKernel>> references = new CopyOnWriteArrayList<>();
    /** Notified at every change. */
    private final Object changed = new Object();

    /**
     * A kernel, for one format.
     *
     * @param tier kind of implementation
     * @param plugin symbolic name of its bundle
     * @param ranking the higher, the better
     */
    record Served(String format, String tier, String plugin, int ranking) {
    }

    @Activate
    public KernelTable() {
    }

    @Reference(service = QuantizationKernel.class, cardinality = ReferenceCardinality.MULTIPLE, policy = ReferencePolicy.DYNAMIC)
    void bind(ServiceReference<QuantizationKernel> reference) {
        references.add(reference);
        tell();
    }

    void unbind(ServiceReference<QuantizationKernel> reference) {
        references.remove(reference);
        tell();
    }

    private void tell() {
        synchronized (changed) {
            changed.notifyAll();
        }
    }

    /** Waits until the kernels are as wished, or so long. */
    void await(Predicate<Map<String, List<Served>>> wished, Duration atMost) {
        long end = System.nanoTime() + atMost.toNanos();
        synchronized (changed) {
            while (!wished.test(byFormat())) {
                long millis = TimeUnit.NANOSECONDS.toMillis(end - System.nanoTime());
                if (millis <= 0) {
                    return;
                }
                try {
                    changed.wait(millis);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    return;
                }
            }
        }
    }

    /** Those that announce a format, best first. */
    List<ServiceReference<QuantizationKernel>> serving(String format) {
        return references.stream().filter(reference -> texts(reference.getProperty(QuantizationFormat.PROPERTY)).contains(format))
                .sorted(Comparator.reverseOrder()).toList();
    }

    /** The kind of implementation; empty where it tells none. */
    static String tier(ServiceReference<?> reference) {
        return reference.getProperty(QuantizationFormat.TIER) instanceof String tier ? tier : "";
    }

    /** Kernels by format, best first. */
    Map<String, List<Served>> byFormat() {
        Map<String, List<Served>> table = new TreeMap<>();
        references.stream().sorted(Comparator.reverseOrder()).forEach(reference -> texts(
                reference.getProperty(QuantizationFormat.PROPERTY)).forEach(format -> table
                        .computeIfAbsent(format, key -> new CopyOnWriteArrayList<>()).add(served(format, reference))));
        return table;
    }

    /** Whether a kernel is the one that computes its format now. */
    boolean computes(Served kernel) {
        return byFormat().getOrDefault(kernel.format(), List.of()).stream().findFirst().filter(kernel::equals).isPresent();
    }

    private static Served served(String format, ServiceReference<QuantizationKernel> reference) {
        return new Served(format, tier(reference), reference.getBundle() == null ? "" : reference.getBundle().getSymbolicName(),
                reference.getProperty(Constants.SERVICE_RANKING) instanceof Integer ranking ? ranking : 0);
    }

    /** The texts of a service property, however it holds them. */
    static List<String> texts(Object property) {
        return switch (property) {
            case String text -> List.of(text);
            case String[] many -> List.of(many);
            case Collection<?> many -> many.stream().map(String::valueOf).toList();
            case null, default -> List.of();
        };
    }
}
