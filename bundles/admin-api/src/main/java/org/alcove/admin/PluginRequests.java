package org.alcove.admin;

import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.alcove.api.control.RequestObserver;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * How many requests each plug-in has served: those that ended well while it served their model. Who serves it is found out after
 * the answer, which does not wait for it.
 */
final class PluginRequests {

    private static final Logger LOG = LoggerFactory.getLogger(PluginRequests.class);
    /** Who serves what is found out again after that long: requests end more often than plug-ins change. */
    private static final long FRESH_NANOS = 1_000_000_000;

    private final Supplier<Map<String, Set<String>>> plugins;
    private final LongSupplier nanos;
    private final Executor later;
    private final ConcurrentMap<String, LongAdder> counts = new ConcurrentHashMap<>();
    private Seen seen;

    private record Seen(Map<String, Set<String>> byModel, long when) {
    }

    /**
     * @param plugins that serve each model at present
     * @param later counts, one request at a time
     */
    PluginRequests(Supplier<Map<String, Set<String>>> plugins, LongSupplier nanos, Executor later) {
        this.plugins = plugins;
        this.nanos = nanos;
        this.later = later;
    }

    void ended(RequestObserver.Record record) {
        if (record.outcome() instanceof RequestObserver.Outcome.Done) {
            try {
                later.execute(() -> count(record));
            } catch (RejectedExecutionException stopped) {
                LOG.debug("Request {} ended when nobody counted any more", record.id());
            }
        }
    }

    private void count(RequestObserver.Record record) {
        try {
            countModel(record.model());
        } catch (RuntimeException e) {
            LOG.warn("Request {} is not counted for its plug-ins", record.id(), e);
        }
    }

    private void countModel(String model) {
        if (seen == null || nanos.getAsLong() - seen.when() > FRESH_NANOS) {
            seen = new Seen(plugins.get(), nanos.getAsLong());
        }
        seen.byModel().getOrDefault(model, Set.of())
                .forEach(plugin -> counts.computeIfAbsent(plugin, key -> new LongAdder()).increment());
    }

    long count(String plugin) {
        LongAdder count = counts.get(plugin);
        return count == null ? 0 : count.sum();
    }
}
