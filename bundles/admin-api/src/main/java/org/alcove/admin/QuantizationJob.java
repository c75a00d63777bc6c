package org.alcove.admin;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.time.Instant;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CancellationException;
import org.alcove.api.control.Quantizer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One quantization, on a thread of its own. */
final class QuantizationJob implements Runnable {

    private static final Logger LOG = LoggerFactory.getLogger(QuantizationJob.class);

    private final String id;
    private final String source;
    private final String target;
    private final String by;
    private final Instant started;
    private final Quantizer quantizer;
    private final Quantizer.Order order;
    private volatile boolean stopped;
    private volatile State state = State.RUNNING;
    private volatile String message = "";
    private volatile Optional<Quantizer.Progress> progress = Optional.empty();
    private volatile Optional<Quantizer.Report> report = Optional.empty();

    /** How it stands. */
    enum State {
        RUNNING, DONE, FAILED, CANCELLED
    }

    /** Who wants what, in words. */
    record Names(String id, String source, String target, String by) {
    }

    QuantizationJob(Names names, Instant started, Quantizer quantizer, Quantizer.Order order) {
        this.id = names.id();
        this.source = names.source();
        this.target = names.target();
        this.by = names.by();
        this.started = started;
        this.quantizer = quantizer;
        this.order = order;
    }

    String id() {
        return id;
    }

    State state() {
        return state;
    }

    /** Ends it after the tensor it is at; nothing is left of its target. */
    void stop() {
        stopped = true;
    }

    @Override
    public void run() {
        try {
            Quantizer.Report done = quantizer.quantize(order, step -> {
                progress = Optional.of(step);
                if (stopped) {
                    throw new CancellationException();
                }
            });
            report = Optional.of(done);
            state = State.DONE;
        } catch (CancellationException e) {
            message = "it was stopped";
            state = State.CANCELLED;
        } catch (IOException | RuntimeException e) {
            LOG.warn("Quantizing {} failed: {}", source, e.toString());
            message = e.getMessage() == null ? e.toString() : e.getMessage();
            state = State.FAILED;
        }
    }

    ObjectNode json() {
        ObjectNode json = JsonNodeFactory.instance.objectNode().put("id", id).put("source", source).put("target", target)
                .put("scheme", order.scheme()).put("state", state.name().toLowerCase(Locale.ROOT)).put("message", message)
                .put("started", started.toString()).put("by", by);
        progress.ifPresent(step -> json.putObject("progress").put("tensor", step.tensor()).put("done", step.done())
                .put("total", step.total()).put("bytes_done", step.bytesDone()).put("bytes_total", step.bytesTotal()));
        report.ifPresentOrElse(done -> {
            ObjectNode node = json.putObject("report").put("bytes_before", done.bytesBefore())
                    .put("bytes_after", done.bytesAfter()).put("seconds", done.seconds());
            ArrayNode tensors = node.putArray("tensors");
            done.tensors().forEach(tensor -> tensors.addObject().put("name", tensor.name()).put("format", tensor.format())
                    .put("bytes_before", tensor.bytesBefore()).put("bytes_after", tensor.bytesAfter())
                    .put("rmse", tensor.rmse()).put("max_error", tensor.maxError()).put("note", tensor.note()));
        }, () -> json.putNull("report"));
        return json;
    }
}
