package org.alcove.weights.quantize;

import java.io.IOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.alcove.api.control.Command;
import org.alcove.api.kernel.PackedLayout;
import org.alcove.weights.checkpoint.Layouts;
import org.alcove.weights.kernels.KernelRegistry;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** {@code ./alcove synth}: writes a model of a known shape with random weights, for measurements of speed. */
@Component(property = {Command.NAME + "=synth",
    Command.SUMMARY + "=--shape llama-1b|llama2-7b|… --type q4_0|q4_1|q8_0|f16 OUT.gguf [--seed N]"})
public final class SynthCommand implements Command {

    private static final int MISUSED = 2;

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
        Order order;
        try {
            order = order(arguments);
        } catch (IllegalArgumentException e) {
            terminal.err().println("alcove synth: " + e.getMessage());
            terminal.err().println("usage: ./alcove synth --shape " + SynthShape.words().replace(", ", "|")
                    + " --type q4_0|q4_1|q8_0|f16 OUT.gguf [--seed N]");
            return MISUSED;
        }
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

    private static Order order(List<String> arguments) {
        Map<String, String> flags = new HashMap<>();
        Path target = null;
        for (int i = 0; i < arguments.size(); i++) {
            String word = arguments.get(i);
            if (!word.startsWith("--")) {
                if (target != null) {
                    throw new IllegalArgumentException("one target is needed, " + target + " and " + word + " are given");
                }
                target = Path.of(word);
            } else if (!List.of("--shape", "--type", "--seed").contains(word)) {
                throw new IllegalArgumentException("there is no flag " + word);
            } else if (i + 1 == arguments.size()) {
                throw new IllegalArgumentException(word + " needs a value");
            } else if (flags.put(word, arguments.get(++i)) != null) {
                throw new IllegalArgumentException(word + " is given twice");
            }
        }
        if (target == null || !flags.containsKey("--shape") || !flags.containsKey("--type")) {
            throw new IllegalArgumentException("--shape, --type and a target are needed");
        }
        return new Order(SynthShape.of(flags.get("--shape")), type(flags.get("--type")), seed(flags.getOrDefault("--seed", "1")),
                target);
    }

    private static Type type(String word) {
        for (Type type : Type.values()) {
            if (type.name().toLowerCase(Locale.ROOT).equals(word)) {
                return type;
            }
        }
        throw new IllegalArgumentException("--type " + word + " is not known; choose q4_0, q4_1, q8_0 or f16");
    }

    private static long seed(String word) {
        try {
            return Long.parseLong(word);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException("--seed " + word + " is no whole number", e);
        }
    }
}
