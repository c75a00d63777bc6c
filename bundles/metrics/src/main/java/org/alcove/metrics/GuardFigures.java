package org.alcove.metrics;

import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.util.List;
import java.util.function.Supplier;
import org.alcove.api.guard.Guards;

/** What guards have judged, refused and ended, by their names. */
final class GuardFigures implements MultiCollector {

    private static final String GUARD = "guard";

    private final Supplier<List<Guards.Figures>> figures;

    GuardFigures(Supplier<List<Guards.Figures>> figures) {
        this.figures = figures;
    }

    @Override
    public MetricSnapshots collect() {
        CounterSnapshot.Builder judged = counter("guard_requests", "Requests the guard has judged.");
        CounterSnapshot.Builder refused = counter("guard_refusals", "What the guard did not let pass: requests and answers.");
        CounterSnapshot.Builder failed = counter("guard_failures", "Calls in which the guard threw or took too long.");
        for (Guards.Figures one : figures.get()) {
            Labels guard = Labels.of(GUARD, one.guard());
            judged.dataPoint(point(guard, one.requests()));
            refused.dataPoint(point(guard.merge(Labels.of("what", "request")), one.refused()));
            refused.dataPoint(point(guard.merge(Labels.of("what", "answer")), one.ended()));
            failed.dataPoint(point(guard, one.failed()));
        }
        return new MetricSnapshots(judged.build(), refused.build(), failed.build());
    }

    private static CounterSnapshot.Builder counter(String name, String help) {
        return CounterSnapshot.builder().name(RequestFigures.PREFIX + name).help(help);
    }

    private static CounterDataPointSnapshot point(Labels labels, long value) {
        return CounterDataPointSnapshot.builder().labels(labels).value(value).build();
    }
}
