package org.alcove.admin;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.alcove.api.control.RequestObserver;
import org.alcove.api.worker.WorkerStatus;

/** Adds up what happens between two looks at the workers. Thread-safe. */
final class FigureTally {

    private static final Path STATUS = Path.of("/proc/self/status");
    private static final double KIB = 1024;

    private Point.Requests requests = Point.Requests.NONE;
    /** Prompt and answer tokens that each worker has computed, as of the last look. */
    private Map<String, WorkerStatus.Load> before = Map.of();
    private Instant last;

    FigureTally(Instant start) {
        last = start;
    }

    synchronized void ended(RequestObserver.Record record) {
        double millis = record.firstToken().map(FigureTally::millis).orElse(0.0);
        long failed = record.outcome() instanceof RequestObserver.Outcome.Broken ? 1 : 0;
        requests = requests.plus(new Point.Requests(1, failed, record.firstToken().isPresent() ? 1 : 0, millis, millis, 0, 0));
    }

    private static double millis(Duration time) {
        return time.toNanos() / 1e6;
    }

    /** What happened since the last look; the levels are those of now. */
    synchronized Point look(List<WorkerStatus> workers, Instant now) {
        Map<String, WorkerStatus.Load> loads = new HashMap<>();
        long prompt = 0;
        long answer = 0;
        for (WorkerStatus worker : workers) {
            WorkerStatus.Load load = worker.load();
            WorkerStatus.Load old = before.getOrDefault(worker.id(), load);
            // A model that was loaded anew counts from zero.
            prompt += Math.max(0, load.promptTokens() - old.promptTokens());
            answer += Math.max(0, load.answerTokens() - old.answerTokens());
            loads.put(worker.id(), load);
        }
        before = loads;
        Point.Requests seen = requests.plus(new Point.Requests(0, 0, 0, 0, 0, prompt, answer));
        requests = Point.Requests.NONE;
        // A clock that was set back must not make a span of no length.
        double seconds = Math.max(0.001, millis(Duration.between(last, now)) / 1000);
        last = now;
        return new Point(now, seconds, seen, levels(workers));
    }

    private static Point.Levels levels(List<WorkerStatus> workers) {
        ToDoubleFunction<ToDoubleFunction<WorkerStatus.Load>> sum =
                level -> workers.stream().mapToDouble(worker -> level.applyAsDouble(worker.load())).sum();
        Map<String, Double> memory = memory();
        return new Point.Levels(sum.applyAsDouble(WorkerStatus.Load::running), sum.applyAsDouble(WorkerStatus.Load::waiting),
                sum.applyAsDouble(WorkerStatus.Load::kvBlocks), sum.applyAsDouble(WorkerStatus.Load::kvBlocksUsed),
                workers.stream().mapToDouble(FigureTally::kvBytes).sum(),
                memory.getOrDefault("RssFile", 0.0), memory.getOrDefault("VmRSS", 0.0),
                workers.stream().filter(worker -> worker.state() == WorkerStatus.State.READY).count());
    }

    /** A block takes memory when it is used for the first time, and keeps it: this is what the blocks in use hold. */
    private static double kvBytes(WorkerStatus worker) {
        WorkerStatus.Load load = worker.load();
        return load.kvBlocks() == 0 ? 0 : (double) worker.computing().kvBytes() * load.kvBlocksUsed() / load.kvBlocks();
    }

    /** Linux tells it in lines like {@code RssFile:  123 kB}; elsewhere nobody does. */
    private static Map<String, Double> memory() {
        Map<String, Double> memory = new HashMap<>();
        try {
            for (String line : Files.readAllLines(STATUS)) {
                if (line.startsWith("RssFile:") || line.startsWith("VmRSS:")) {
                    String[] words = line.split("\\s+");
                    memory.put(words[0].replace(":", ""), Double.parseDouble(words[1]) * KIB);
                }
            }
        } catch (IOException | NumberFormatException e) {
            return Map.of();
        }
        return memory;
    }
}
