package org.alcove.weights.quantize;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import org.alcove.api.control.Command;
import org.alcove.api.kernel.PackedLayout;
import org.alcove.commandline.CommandLine;
import org.alcove.commandline.Usage;
import org.alcove.weights.checkpoint.Layouts;
import org.alcove.weights.kernels.KernelRegistry;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** {@code ./alcove synth}: writes a model of a known shape with random weights, for measurements of speed. */
@Component(property = {Command.NAME + "=synth",
    Command.SUMMARY + "=--shape llama-1b|llama2-7b|… --type q4_0|q4_1|q8_0|f16 OUT.gguf [--seed N]"})
public final class SynthCommand implements Command {

    private static final Usage USAGE = Usage.of("synth", "usage: ./alcove synth --shape "
            + SynthShape.words().replace(", ", "|") + " --type q4_0|q4_1|q8_0|f16 OUT.gguf [--seed N]",
            "--shape", "--type", "--seed");

    /** Types of a file's matrices, with GGUF's number for a file that is mostly of it. */
    private enum Type {
        Q4_0(Layouts.Q4_0, 2), Q4_1(Layouts.Q4_1, 3), Q8_0(Layouts.Q8_0, 7), F16(Layouts.F16, 1);

        private final PackedLayout layout;
        private final int fileType;

        Type(PackedLayout layout, int fileType) {
            this.layout = layout;
            this.fileType = fileType;
        }
    }

    private record Order(SynthShape shape, Type type, long seed, Path target) {
    }

    private final KernelRegistry kernels;

    @Activate
    public SynthCommand(@Reference KernelRegistry kernels) {
        this.kernels = kernels;
    }

    @Override
    public int run(List<String> arguments, Terminal terminal) throws IOException {
        return USAGE.run(arguments, terminal, SynthCommand::order, order -> run(order, terminal));
    }

    private int run(Order order, Terminal terminal) throws IOException {
        SynthModel model = new SynthModel(order.shape(), order.type().layout, order.seed());
        List<TensorPlan> plans = model.tensors();
        try (Target target = new GgufTarget(order.target(), model.keys(order.type().fileType), plans)) {
            new TensorPacking(kernels).pack(plans, target, progress -> {
                if (terminal.interactive()) {
                    terminal.err().printf(Locale.ROOT, "\r%3d %%", 100 * progress.bytesDone() / progress.bytesTotal());
                }
            });
            target.complete();
        } finally {
            if (terminal.interactive()) {
                terminal.err().println();
            }
        }
        terminal.out().printf(Locale.ROOT, "%s: %s with random weights, %.1f MB%n", order.target(), order.shape().word(),
                plans.stream().mapToLong(TensorPlan::bytesAfter).sum() / 1e6);
        return 0;
    }

    private static Order order(CommandLine line) {
        Type type = line.choice("--type", Type.class).orElseThrow(() -> new IllegalArgumentException("--type is missing"));
        return new Order(SynthShape.of(line.needed("--shape")), type, seed(line.text("--seed", "1")),
                Path.of(line.words("OUT.gguf").getFirst()));
    }

    private static long seed(String word) {
        try {
            return Long.parseLong(word);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("--seed " + word + " is no whole number", e);
        }
    }
}
