package org.alcove.launcher;

import java.time.Duration;
import java.util.Arrays;
import java.util.Hashtable;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;
import org.osgi.framework.BundleEvent;
import org.osgi.framework.BundleListener;
import org.osgi.framework.SynchronousBundleListener;
import org.osgi.framework.startlevel.BundleStartLevel;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The plug-ins that are being started or stopped. They come and go one after the other: where one does not come to an end, all of
 * {@code plugins/} stands still, and nobody else would say for whom.
 *
 * <p>A bundle counts as starting for as long as the thread that starts it is busy with it: also where it is active already, and
 * its components are being activated. That has ended when listeners are told that are not waited for: they come last.
 */
final class PluginWatch implements Supplier<Map<String, Duration>> {

    private static final Logger LOG = LoggerFactory.getLogger(PluginWatch.class);
    private static final Duration LONG_START = Duration.ofSeconds(10);
    /** Front ends let their answers run to their end when they are stopped. */
    private static final Duration LONG_STOP = Duration.ofSeconds(30);

    private final BundleContext system;
    private final int level;
    private final LongSupplier nanos;
    private final ConcurrentMap<Bundle, Turn> turns = new ConcurrentHashMap<>();

    /** A start or a stop that has begun at that time. */
    private record Turn(boolean start, long since, AtomicBoolean told) {
    }

    /**
     * Watches nothing yet.
     *
     * @param level of plug-ins
     */
    PluginWatch(BundleContext system, int level, LongSupplier nanos) {
        this.system = system;
        this.level = level;
        this.nanos = nanos;
    }

    /** Lets others ask. */
    void begin() {
        listen();
        system.registerService(Supplier.class, this, new Hashtable<>(Map.of("alcove.plugins", "turns")));
    }

    void listen() {
        system.addBundleListener((SynchronousBundleListener) this::began);
        system.addBundleListener((BundleListener) this::ended);
    }

    private void began(BundleEvent event) {
        if (event.getType() == BundleEvent.STARTING && isPlugin(event.getBundle())) {
            turns.put(event.getBundle(), turn(true));
        }
    }

    private void ended(BundleEvent event) {
        switch (event.getType()) {
            case BundleEvent.STARTED, BundleEvent.STOPPED, BundleEvent.UNINSTALLED ->
                    turns.computeIfPresent(event.getBundle(), (bundle, turn) -> turn.start() ? null : turn);
            default -> {
            }
        }
    }

    private Turn turn(boolean start) {
        return new Turn(start, nanos.getAsLong(), new AtomicBoolean());
    }

    private boolean isPlugin(Bundle bundle) {
        try {
            return bundle.adapt(BundleStartLevel.class).getStartLevel() == level;
        } catch (IllegalStateException uninstalled) {
            return false;
        }
    }

    /** Says once of each that takes long for whom the others wait. */
    void look() {
        findStops();
        turns.forEach((bundle, turn) -> {
            Duration age = age(turn);
            if (age.compareTo(turn.start() ? LONG_START : LONG_STOP) >= 0 && turn.told().compareAndSet(false, true)) {
                LOG.warn("The bundle {} {} has been {} for {} s; plugins/ waits for it. If that does not end, start the"
                        + " server again without its jar in plugins/", bundle.getSymbolicName(), bundle.getVersion(),
                        turn.start() ? "starting" : "stopping", age.toSeconds());
            }
        });
    }

    /** A stop shows in the state alone: other listeners may be told before this one, and be what it waits for. */
    private void findStops() {
        turns.entrySet().removeIf(entry -> !entry.getValue().start() && entry.getKey().getState() != Bundle.STOPPING);
        Arrays.stream(system.getBundles()).filter(bundle -> bundle.getState() == Bundle.STOPPING && isPlugin(bundle))
                .forEach(bundle -> turns.putIfAbsent(bundle, turn(false)));
    }

    private Duration age(Turn turn) {
        return Duration.ofNanos(nanos.getAsLong() - turn.since());
    }

    /** Symbolic names of plug-ins that are being started or stopped, and for how long. */
    @Override
    public Map<String, Duration> get() {
        findStops();
        return turns.entrySet().stream().collect(Collectors.toMap(entry -> entry.getKey().getSymbolicName(),
                entry -> age(entry.getValue()), (one, other) -> one));
    }
}
