package org.alcove.admin;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Instant;
import java.util.List;
import java.util.function.ToDoubleFunction;

/**
 * Figures of a span of time.
 *
 * @param end of the span
 * @param seconds its length
 * @param requests what ended in it
 * @param levels what stood in it, on average
 */
record Point(Instant end, double seconds, Requests requests, Levels levels) {

    /**
     * Requests that ended.
     *
     * @param count of all
     * @param failed of these, failed
     * @param first of these, with a first token
     * @param firstMillis sum of the times to the first token
     * @param firstMillisMax the longest of them
     * @param promptTokens computed, whether or not their requests have ended
     * @param answerTokens computed, whether or not their requests have ended
     */
    record Requests(long count, long failed, long first, double firstMillis, double firstMillisMax, long promptTokens,
            long answerTokens) {

        static final Requests NONE = new Requests(0, 0, 0, 0, 0, 0, 0);

        Requests plus(Requests other) {
            return new Requests(count + other.count, failed + other.failed, first + other.first,
                    firstMillis + other.firstMillis, Math.max(firstMillisMax, other.firstMillisMax),
                    promptTokens + other.promptTokens, answerTokens + other.answerTokens);
        }
    }

    /**
     * Levels.
     *
     * @param kvBytes of the blocks in use, of all workers that tell
     * @param weightBytes of this process: resident memory that holds mapped files
     * @param memoryBytes of this process: all resident memory
     */
    record Levels(double running, double waiting, double kvBlocks, double kvBlocksUsed, double kvBytes, double weightBytes,
            double memoryBytes, double workersReady) {
    }

    /** Several spans, one after the other, as one. */
    static Point merged(List<Point> points) {
        double all = points.stream().mapToDouble(Point::seconds).sum();
        ToDoubleFunction<ToDoubleFunction<Levels>> mean = level -> points.stream()
                .mapToDouble(point -> level.applyAsDouble(point.levels()) * point.seconds()).sum() / all;
        Levels levels = new Levels(mean.applyAsDouble(Levels::running), mean.applyAsDouble(Levels::waiting),
                mean.applyAsDouble(Levels::kvBlocks), mean.applyAsDouble(Levels::kvBlocksUsed),
                mean.applyAsDouble(Levels::kvBytes),
                mean.applyAsDouble(Levels::weightBytes), mean.applyAsDouble(Levels::memoryBytes),
                mean.applyAsDouble(Levels::workersReady));
        return new Point(points.getLast().end(), all,
                points.stream().map(Point::requests).reduce(Requests.NONE, Requests::plus), levels);
    }

    ObjectNode json() {
        ObjectNode json = JsonNodeFactory.instance.objectNode().put("at", end.toString()).put("seconds", seconds)
                .put("requests", requests.count()).put("failed", requests.failed())
                .put("prompt_tokens_per_second", requests.promptTokens() / seconds)
                .put("answer_tokens_per_second", requests.answerTokens() / seconds)
                .put("first_tokens", requests.first());
        if (requests.first() > 0) {
            json.put("first_token_ms", requests.firstMillis() / requests.first())
                    .put("first_token_ms_max", requests.firstMillisMax());
        } else {
            json.putNull("first_token_ms").putNull("first_token_ms_max");
        }
        return json.put("running", levels.running()).put("waiting", levels.waiting()).put("kv_blocks", levels.kvBlocks())
                .put("kv_blocks_used", levels.kvBlocksUsed())
                .put("kv_bytes", levels.kvBytes()).put("weight_bytes", levels.weightBytes())
                .put("memory_bytes", levels.memoryBytes()).put("workers_ready", levels.workersReady());
    }
}
