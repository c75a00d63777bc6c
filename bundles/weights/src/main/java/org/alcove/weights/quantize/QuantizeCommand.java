package org.alcove.weights.quantize;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.alcove.api.control.Command;
import org.alcove.api.control.Quantizer;
import org.alcove.api.kernel.PackedLayout;
import org.alcove.commandline.CommandLine;
import org.alcove.commandline.Usage;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** {@code ./alcove quantize}: writes a model in a smaller format and shows what was lost. */
@Component(property = {Command.NAME + "=quantize",
        Command.SUMMARY + "=SOURCE TARGET --scheme sym_int4|asym_int4|sym_int8 [--group-size N|channel] [--format gguf|hf]"})
public final class QuantizeCommand implements Command {

    private static final Usage USAGE = Usage.of("quantize", "usage: ./alcove quantize SOURCE TARGET"
            + " --scheme sym_int4|asym_int4|sym_int8 [--group-size 32|64|128|256|512|1024|channel] [--format gguf|hf]",
            "--scheme", "--group-size", "--format");
    private static final int BAR_WIDTH = 30;

    private final Quantizer quantizer;

    @Activate
    public QuantizeCommand(@Reference Quantizer quantizer) {
        this.quantizer = quantizer;
    }

    @Override
    public int run(List<String> arguments, Terminal terminal) throws IOException {
        return USAGE.run(arguments, terminal, QuantizeCommand::order, order -> run(order, terminal));
    }

    private int run(Quantizer.Order order, Terminal terminal) throws IOException {
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

    private static Quantizer.Order order(CommandLine line) {
        List<String> paths = line.words("SOURCE", "TARGET");
        int group = group(line.text("--group-size", "32"));
        Quantizer.Order order = new Quantizer.Order(Path.of(paths.getFirst()), Path.of(paths.getLast()), line.needed("--scheme"),
                group, line.choice("--format", Quantizer.Container.class)
                        .orElse(group == 32 ? Quantizer.Container.GGUF : Quantizer.Container.HF));
        Scheme.of(order);
        return order;
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
