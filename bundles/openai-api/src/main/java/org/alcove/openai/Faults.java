package org.alcove.openai;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Logs faults of ours. Only where it happened: the message of a stranger's exception may quote a prompt. */
final class Faults {

    private static final Logger LOG = LoggerFactory.getLogger(Faults.class);

    private Faults() {
    }

    static void log(String requestId, Throwable fault) {
        StringBuilder trace = new StringBuilder();
        for (Throwable it = fault; it != null; it = it.getCause() == it ? null : it.getCause()) {
            trace.append(it.getClass().getName()).append('\n');
            for (StackTraceElement frame : it.getStackTrace()) {
                trace.append("\tat ").append(frame).append('\n');
            }
        }
        LOG.error("request {} failed in the front end: {}", requestId, trace);
    }
}
