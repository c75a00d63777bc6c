package org.alcove.weights.sealed;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.function.LongConsumer;
import org.alcove.api.control.Command;
import org.alcove.commandline.CommandLine;
import org.alcove.commandline.Usage;
import org.alcove.commandline.WholeFile;
import org.alcove.weights.quantize.PartFile;
import org.osgi.service.component.annotations.Component;

/** {@code ./alcove seal}: encrypts a model for workers that get its key. */
@Component(property = {Command.NAME + "=seal", Command.SUMMARY + "=MODEL TARGET --key FILE | --new-key FILE"})
public final class SealCommand implements Command {

    private static final Usage USAGE = Usage.of("seal", "usage: ./alcove seal MODEL TARGET --key FILE | --new-key FILE\n"
            + "  MODEL           GGUF file or Hugging Face folder\n"
            + "  TARGET          file to write, usually …" + SealCommand.ENDING + "\n"
            + "  --key FILE      the key: 32 bytes, or as many in hexadecimal digits or Base64\n"
            + "  --new-key FILE  make a key and write it there first; keep it safe: without it the model cannot be opened",
            "--key", "--new-key");
    static final String ENDING = ".sealed";
    private static final int BAR_WIDTH = 30;

    private record Order(Path model, Path target, Optional<Path> key, Optional<Path> newKey) {
    }

    @Override
    public int run(List<String> arguments, Terminal terminal) throws IOException {
        return USAGE.run(arguments, terminal, SealCommand::order, order -> run(order, terminal));
    }

    private static Order order(CommandLine line) {
        List<String> paths = line.words("MODEL", "TARGET");
        if (line.has("--key") == line.has("--new-key")) {
            throw new IllegalArgumentException("one of --key FILE and --new-key FILE is needed");
        }
        return new Order(Path.of(paths.getFirst()), Path.of(paths.getLast()), line.path("--key"), line.path("--new-key"));
    }

    private static int run(Order order, Terminal terminal) throws IOException {
        ModelSealer sealer = new ModelSealer(order.model(), ModelSealer.USUAL_CHUNK);
        // A key that is made for nothing would be in the way of the next attempt.
        PartFile.requireFree(order.target());
        if (order.newKey().isPresent()) {
            makeKey(order.newKey().get());
        }
        long start = System.nanoTime();
        ModelSealer.Report report;
        try (ModelKey key = KeySource.ofFile(order.key().or(order::newKey).orElseThrow())) {
            LongConsumer progress = terminal.interactive() ? new Bar(sealer.bytes(), terminal)::show : done -> { };
            report = sealer.seal(order.target(), key, progress);
        } finally {
            if (terminal.interactive()) {
                terminal.err().println();
            }
        }
        print(report, order, (System.nanoTime() - start) / 1e9, terminal);
        return 0;
    }

    private record Bar(long total, Terminal terminal) {

        void show(long done) {
            int filled = (int) (BAR_WIDTH * done / Math.max(1, total));
            terminal.err().printf(Locale.ROOT, "\r[%s%s] %3d %%", "#".repeat(filled), ".".repeat(BAR_WIDTH - filled),
                    100 * done / Math.max(1, total));
        }
    }

    /** Writes a key, where there is no file yet. */
    private static void makeKey(Path file) throws IOException {
        if (Files.exists(file, LinkOption.NOFOLLOW_LINKS)) {
            throw new IOException(file + " exists already; take it by --key, or choose another name for a new key");
        }
        byte[] key = new byte[ModelKey.BYTES];
        new SecureRandom().nextBytes(key);
        WholeFile.create(file, Base64.getEncoder().encodeToString(key) + "\n");
    }

    private static void print(ModelSealer.Report report, Order order, double seconds, Terminal terminal) {
        int width = Math.max(4, report.files().stream().mapToInt(file -> file.name().length()).max().orElse(0));
        String row = "%-" + width + "s %15s%n";
        terminal.out().printf(row, "file", "bytes");
        for (SealedHeader.Entry file : report.files()) {
            terminal.out().printf(row, file.name(), file.bytes());
        }
        if (!report.left().isEmpty()) {
            terminal.out().printf("not sealed, because no part of the model: %s%n", String.join(", ", report.left()));
        }
        terminal.out().printf(Locale.ROOT, "%n%s: %d chunks, %.1f MB before, %.1f MB sealed, %.1f s, key %s%n",
                order.target(), report.chunks(), report.plainBytes() / 1e6, report.sealedBytes() / 1e6, seconds, report.keyId());
    }
}
