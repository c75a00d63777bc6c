package org.alcove.ranked;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/**
 * Services of one kind by name. Of several of one name the best ranked counts, of equals the first. Thread-safe.
 *
 * @param <T> the kind
 */
public final class RankedServices<T> {

    /** Best first. Replaced whole, under the monitor. */
    private volatile List<Installed<T>> services = List.of();

    /**
     * A service with its origin.
     *
     * @param <T> the kind
     * @param name by which it is chosen
     * @param origin its bundle is to blame for its faults
     * @param service the service
     */
    public record Installed<T>(String name, Origin origin, T service) {
    }

    /** Adds one. */
    public synchronized void add(String name, T service, Origin origin) {
        List<Installed<T>> next = new ArrayList<>(services);
        next.add(new Installed<>(name, origin, service));
        next.sort(Comparator.comparing(Installed::origin, Origin.BEST_FIRST));
        services = List.copyOf(next);
    }

    /** Takes the one of this number away; empty where there was none. */
    public synchronized Optional<Installed<T>> remove(long id) {
        Optional<Installed<T>> removed = services.stream().filter(installed -> installed.origin().id() == id).findFirst();
        services = services.stream().filter(installed -> installed.origin().id() != id).toList();
        return removed;
    }

    /** The best of this name. */
    public Optional<Installed<T>> named(String name) {
        return services.stream().filter(installed -> installed.name().equals(name)).findFirst();
    }

    /** Of each name the best, the best ranked first. */
    public List<Installed<T>> best() {
        Set<String> seen = new HashSet<>();
        return services.stream().filter(installed -> seen.add(installed.name())).toList();
    }

    /** Names of all, each once, in order. */
    public List<String> names() {
        return services.stream().map(Installed::name).distinct().sorted().toList();
    }
}
