package org.alcove.weights.quantize;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Queue;
import org.alcove.api.control.Command;
import org.alcove.api.control.Quantizer;
import org.alcove.api.kernel.PackedLayout;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** {@code ./alcove quantize}: writes a model in a smaller format and shows what was lost. */
@Component(property = {Command.NAME + "=quantize",
        Command.SUMMARY + "=SOURCE TARGET --scheme sym_int4|asym_int4|sym_int8 [--group-size N|channel] [--format gguf|hf]"})
public final class QuantizeCommand implements Command {

    private static final String USAGE = "usage: ./alcove quantize SOURCE TARGET --scheme sym_int4|asym_int4|sym_int8"
            + " [--group-size 32|64|128|256|512|1024|channel] [--format gguf|hf]";
    private static final int MISUSED = 2;
    private static final int BAR_WIDTH = 30;

    private final Quantizer quantizer;

    @Activate
    public QuantizeCommand(@Reference Quantizer quantizer) {
        this.quantizer = quantizer;
    }

    @Override
    public int run(List<String> arguments, Terminal terminal) throws IOException {
        Quantizer.Order order;
        try {
            order = order(arguments);
            Scheme.of(order);
        } catch (IllegalArgumentException e) {
            terminal.err().println("alcove quantize: " + e.getMessage());
            terminal.err().println(USAGE);
            return MISUSED;
        }
        Quantizer.Report report;
        try {
            report = quantizer.quantize(order, progress -> show(progress, terminal));
        } finally {
            // What follows, an error too, begins on a line of its own.
            if (terminal.interactive()) {
                terminal.err().println();
            }
        }
        print(report, terminal);
        return 0;
    }

    private static Quantizer.Order order(List<String> arguments) {
        Queue<String> rest = new ArrayDeque<>(arguments);
        Queue<String> paths = new ArrayDeque<>();
        Map<String, String> flags = new HashMap<>();
        while (!rest.isEmpty()) {
            String word = rest.remove();
            if (!word.startsWith("--")) {
                paths.add(word);
            } else if (!List.of("--scheme", "--group-size", "--format").contains(word)) {
                throw new IllegalArgumentException("there is no flag " + word);
            } else if (rest.isEmpty()) {
                throw new IllegalArgumentException(word + " needs a value");
            } else if (flags.put(word, rest.remove()) != null) {
                throw new IllegalArgumentException(word + " is given twice");
            }
        }
        if (paths.size() != 2) {
            throw new IllegalArgumentException("SOURCE and TARGET are needed, " + paths.size() + " paths are given");
        }
        if (!flags.containsKey("--scheme")) {
            throw new IllegalArgumentException("--scheme is missing");
        }
        int group = group(flags.getOrDefault("--group-size", "32"));
        return new Quantizer.Order(Path.of(paths.remove()), Path.of(paths.remove()), flags.get("--scheme"), group,
                container(flags.getOrDefault("--format", group == 32 ? "gguf" : "hf")));
    }

    private static int group(String word) {
        if (word.equals("channel")) {
            return PackedLayout.CHANNEL;
        }
        try {
            int group = Integer.parseInt(word);
            if (group == PackedLayout.CHANNEL) {
                throw new IllegalArgumentException("--group-size 0 is not supported; one scale for each row is 'channel'");
            }
            return group;
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("--group-size " + word + " is neither a number nor 'channel'", e);
        }
    }

    private static Quantizer.Container container(String word) {
        return switch (word) {
            case "gguf" -> Quantizer.Container.GGUF;
            case "hf" -> Quantizer.Container.HF;
            default -> throw new IllegalArgumentException("--format " + word + " is not known; choose gguf or hf");
        };
    }

    private static void show(Quantizer.Progress progress, Terminal terminal) {
        if (terminal.interactive()) {
            int filled = (int) (BAR_WIDTH * progress.bytesDone() / Math.max(1, progress.bytesTotal()));
            terminal.err().printf(Locale.ROOT, "\r[%s%s] %3d %%  %-40s", "#".repeat(filled), ".".repeat(BAR_WIDTH - filled),
                    100 * progress.bytesDone() / Math.max(1, progress.bytesTotal()), progress.tensor());
        }
    }

    private static String error(double value) {
        return String.format(Locale.ROOT, "%.3e", value);
    }

    private static void print(Quantizer.Report report, Terminal terminal) {
        int width = report.tensors().stream().mapToInt(tensor -> tensor.name().length()).max().orElse(0);
        String row = "%-" + width + "s  %-10s %12s %12s %11s %11s  %s%n";
        terminal.out().printf(row, "tensor", "format", "bytes before", "bytes after", "RMSE", "max error", "note");
        for (Quantizer.Tensor tensor : report.tensors()) {
            terminal.out().printf(Locale.ROOT, row, tensor.name(), tensor.format(), tensor.bytesBefore(), tensor.bytesAfter(),
                    error(tensor.rmse()), error(tensor.maxError()), tensor.note());
        }
        long packed = report.tensors().stream().filter(tensor -> tensor.note().isEmpty()).count();
        terminal.out().printf(Locale.ROOT, "%n%d of %d tensors packed, %.1f MB before, %.1f MB after (%.1f %%), %.1f s%n", packed,
                report.tensors().size(), report.bytesBefore() / 1e6, report.bytesAfter() / 1e6,
                100.0 * report.bytesAfter() / report.bytesBefore(), report.seconds());
    }
}
