package org.alcove.metrics;

import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshot;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.time.Duration;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Supplier;
import java.util.function.ToDoubleFunction;
import org.alcove.api.worker.WorkerStatus;
import org.alcove.api.worker.WorkerStatus.Load;
import org.alcove.api.worker.WorkerStatus.State;

/** The workers as they stand when somebody asks: nothing is kept, so a worker that is gone leaves no series behind. */
final class WorkerFigures implements MultiCollector {

    private final Supplier<List<WorkerStatus>> workers;
    private final InstantSource clock;

    WorkerFigures(Supplier<List<WorkerStatus>> workers, InstantSource clock) {
        this.workers = workers;
        this.clock = clock;
    }

    @Override
    public MetricSnapshots collect() {
        List<WorkerStatus> now = workers.get();
        List<MetricSnapshot> all = new ArrayList<>();
        all.add(gauge(now, "num_requests_running", "Sequences being computed.", it -> it.load().running()));
        all.add(gauge(now, "num_requests_waiting", "Sequences queued or preempted.", it -> it.load().waiting()));
        all.add(gauge(now, "kv_cache_usage_perc", "Part of the KV cache in use; 1 is all of it.", it -> usage(it.load())));
        all.add(gauge(now, "kv_cache_blocks", "Blocks of the KV cache.", it -> it.load().kvBlocks()));
        all.add(counter(now, "prompt_tokens", "Prompt tokens computed.", it -> it.load().promptTokens()));
        all.add(counter(now, "generation_tokens", "Answer tokens computed.", it -> it.load().answerTokens()));
        all.add(counter(now, "num_preemptions", "How often a sequence lost its KV blocks to another.",
                it -> it.load().preemptions()));
        all.add(gauge(now, "worker_queue_length", "Requests chosen for the worker, running and waiting.",
                WorkerStatus::queueLength));
        all.add(gauge(now, "worker_speed_tokens_per_second", "Measured speed, prompt tokens counted in.", WorkerStatus::speed));
        all.add(gauge(now, "worker_last_beat_age_seconds", "Time since the worker last showed that it does not hang.",
                it -> Duration.between(it.lastBeat(), clock.instant()).toMillis() / 1000.0));
        all.add(states(now));
        return new MetricSnapshots(all);
    }

    private static double usage(Load load) {
        return load.kvBlocks() == 0 ? 0 : (double) load.kvBlocksUsed() / load.kvBlocks();
    }

    private static GaugeSnapshot gauge(List<WorkerStatus> workers, String name, String help,
            ToDoubleFunction<WorkerStatus> value) {
        GaugeSnapshot.Builder gauge = GaugeSnapshot.builder().name(RequestFigures.PREFIX + name).help(help);
        workers.forEach(worker -> gauge.dataPoint(
                GaugeDataPointSnapshot.builder().labels(labels(worker)).value(value.applyAsDouble(worker)).build()));
        return gauge.build();
    }

    private static CounterSnapshot counter(List<WorkerStatus> workers, String name, String help,
            ToDoubleFunction<WorkerStatus> value) {
        CounterSnapshot.Builder counter = CounterSnapshot.builder().name(RequestFigures.PREFIX + name).help(help);
        workers.forEach(worker -> counter.dataPoint(
                CounterDataPointSnapshot.builder().labels(labels(worker)).value(value.applyAsDouble(worker)).build()));
        return counter.build();
    }

    /** One series per state, 1 for the state it is in: so a change can be drawn and alerted on. */
    private static GaugeSnapshot states(List<WorkerStatus> workers) {
        GaugeSnapshot.Builder gauge =
                GaugeSnapshot.builder().name(RequestFigures.PREFIX + "worker_state").help("1 for the state the worker is in.");
        for (WorkerStatus worker : workers) {
            for (State state : State.values()) {
                gauge.dataPoint(GaugeDataPointSnapshot.builder()
                        .labels(labels(worker).merge(Labels.of("state", state.name().toLowerCase(Locale.ROOT))))
                        .value(worker.state() == state ? 1 : 0).build());
            }
        }
        return gauge.build();
    }

    private static Labels labels(WorkerStatus worker) {
        return Labels.of(RequestFigures.MODEL, String.join(",", worker.models()), "worker", worker.id());
    }
}
