package org.alcove.simulation;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * Reads a trace from a file: one request a line, in the order of time. A line is either
 * {@code 12.5,310,128} or {@code {"arrival_seconds": 12.5, "prompt_tokens": 310, "answer_tokens": 128}}: seconds since a moment
 * of your choice, tokens of the prompt, tokens of the answer. Empty lines, lines that begin with {@code #}, and a first line
 * {@code arrival_seconds,prompt_tokens,answer_tokens} are passed over; other fields of a JSON line too.
 */
final class TraceFile {

    private static final String[] FIELDS = {"arrival_seconds", "prompt_tokens", "answer_tokens"};
    private static final int TOLD = 10;

    private final ObjectReader json = new ObjectMapper().reader().with(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
    private final List<Arrival> arrivals = new ArrayList<>();
    private final List<String> faults = new ArrayList<>();
    private double first = Double.NaN;
    private double last = Double.NEGATIVE_INFINITY;

    private TraceFile() {
    }

    /**
     * Reads a trace.
     *
     * @throws IOException if it cannot be read, or a line of it is no request; the message names the lines and what is wrong
     */
    static Trace read(Path path) throws IOException {
        TraceFile file = new TraceFile();
        if (!Files.isRegularFile(path)) {
            throw new IOException("there is no trace " + path + "; give a file, or --trace generated");
        }
        try (BufferedReader lines = Files.newBufferedReader(path, StandardCharsets.UTF_8)) {
            int number = 0;
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                file.take(++number, line.strip());
            }
        }
        if (!file.faults.isEmpty()) {
            int more = file.faults.size() - TOLD;
            throw new IOException(path + " is no trace:\n  " + String.join("\n  ", file.faults.subList(0, Math.min(TOLD,
                    file.faults.size()))) + (more > 0 ? "\n  and " + more + " more lines" : ""));
        }
        if (file.arrivals.size() < 2 || file.last == file.first) {
            throw new IOException(path + " has " + file.arrivals.size() + " requests within 0 seconds; at least 2 requests at"
                    + " different times are needed");
        }
        return new Trace(file.arrivals, 0);
    }

    private void take(int number, String line) {
        if (line.isEmpty() || line.startsWith("#") || arrivals.isEmpty() && line.equals(String.join(",", FIELDS))) {
            return;
        }
        try {
            double[] values = line.startsWith("{") ? fromJson(line) : fromCsv(line);
            check(values);
            first = Double.isNaN(first) ? values[0] : first;
            last = values[0];
            arrivals.add(new Arrival(values[0] - first, values[1] + values[2]));
        } catch (IllegalArgumentException e) {
            faults.add("line " + number + ": " + e.getMessage());
        }
    }

    private static double[] fromCsv(String line) {
        String[] cells = line.split(",", -1);
        if (cells.length != FIELDS.length) {
            throw new IllegalArgumentException("has " + cells.length + " values, 3 are needed: " + String.join(",", FIELDS));
        }
        double[] values = new double[FIELDS.length];
        for (int i = 0; i < FIELDS.length; i++) {
            try {
                values[i] = Double.parseDouble(cells[i].strip());
            } catch (NumberFormatException e) {
                throw new IllegalArgumentException(FIELDS[i] + " is no number", e);
            }
        }
        return values;
    }

    private double[] fromJson(String line) {
        try {
            JsonNode node = json.readTree(line);
            double[] values = new double[FIELDS.length];
            for (int i = 0; i < FIELDS.length; i++) {
                JsonNode value = node.path(FIELDS[i]);
                if (!value.isNumber()) {
                    throw new IllegalArgumentException(FIELDS[i] + (value.isMissingNode() ? " is missing" : " is no number"));
                }
                values[i] = value.doubleValue();
            }
            return values;
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("is no JSON (column " + (e.getLocation() == null ? 0
                    : e.getLocation().getColumnNr()) + ")", e);
        }
    }

    private void check(double[] values) {
        for (int i = 0; i < FIELDS.length; i++) {
            if (!Double.isFinite(values[i]) || i > 0 && (values[i] < 0 || values[i] != Math.rint(values[i]))) {
                throw new IllegalArgumentException(FIELDS[i] + " is " + values[i] + ", expected "
                        + (i == 0 ? "seconds" : "a whole number, not negative"));
            }
        }
        if (values[1] + values[2] == 0) {
            throw new IllegalArgumentException("has no token at all; leave the line out");
        }
        if (values[0] < last) {
            throw new IllegalArgumentException("comes at " + values[0] + " s, before the request above it at " + last
                    + " s; sort the file by time");
        }
    }
}
