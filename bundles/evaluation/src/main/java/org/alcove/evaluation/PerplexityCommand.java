package org.alcove.evaluation;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.alcove.api.control.Command;
import org.alcove.api.conversation.PromptPiece;
import org.alcove.engine.EngineFactory;
import org.alcove.evaluation.Windows.Window;
import org.alcove.tokenizer.Tokenizer;
import org.alcove.tokenizer.Tokenizers;
import org.alcove.weights.ModelFile;
import org.alcove.weights.WeightStore;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** {@code ./alcove perplexity}: how well a model predicts a text, and how far its predictions are from a reference's. */
@Component(property = {Command.NAME + "=perplexity",
    Command.SUMMARY + "=Say how well a model predicts a text: MODEL TEXT [--context N] [--stride N] [--against REFERENCE]"})
public final class PerplexityCommand implements Command {

    private static final int USUAL_CONTEXT = 512;
    /** Bytes of a text that Java can hold whatever its characters are: two bytes each, in one array. */
    private static final long LARGEST_TEXT = (1 << 30) - 16;

    private final OpenModel.Opener models;

    @Activate
    public PerplexityCommand(@Reference WeightStore store, @Reference Tokenizers tokenizers, @Reference EngineFactory engines) {
        this.models = new OpenModel.Opener(store, tokenizers, engines);
    }

    @Override
    public int run(List<String> arguments, Terminal terminal) throws IOException {
        return PerplexityOptions.USAGE.run(arguments, terminal, PerplexityOptions::of, options -> run(options, terminal));
    }

    private int run(PerplexityOptions options, Terminal terminal) throws IOException {
        String text = text(options.text());
        int context = context(options);
        int stride = options.stride().orElse(context / 2);
        if (stride > context) {
            throw new IOException("a stride of " + stride + " leaves out tokens between windows of " + context
                    + "; choose a --stride of at most " + context);
        }
        try (OpenModel model = models.open(options.model(), context, PerplexityRun.AHEAD * context)) {
            int[] tokens = tokens(model.tokenizer(), text);
            List<Window> windows = options.windows().cut(tokens.length, context, stride);
            if (windows.isEmpty()) {
                throw new IOException(options.text() + " has " + tokens.length + " tokens, at least "
                        + (options.windows() == Windows.HALVES ? context : 2) + " are needed; give a longer text or a shorter"
                        + " --context");
            }
            PerplexityRun run = new PerplexityRun(tokens, model.tokenizer().encode(List.of(), true));
            score(run, model, windows, options, terminal);
            String cut = options.windows() == Windows.HALVES ? "halves" : "strided by " + stride;
            terminal.out().printf(Locale.ROOT, "model            %s (%s)%n", options.model(), model.engine().kernels());
            terminal.out().printf(Locale.ROOT, "text             %s, %d tokens%n", options.text(), tokens.length);
            terminal.out().printf(Locale.ROOT, "windows          %d of %d tokens, %s%n", windows.size(), context, cut);
            print(run, options, terminal);
        }
        return 0;
    }

    private static String text(Path path) throws IOException {
        if (!Files.isRegularFile(path)) {
            throw new IOException(path + " is no file of text");
        }
        if (Files.size(path) > LARGEST_TEXT) {
            throw new IOException(path + " has " + Files.size(path) + " bytes, at most " + LARGEST_TEXT
                    + " are read; give a part of it");
        }
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(Files.readAllBytes(path))).toString();
        } catch (CharacterCodingException e) {
            throw new IOException(path + " is not UTF-8; convert it first", e);
        }
    }

    private static int[] tokens(Tokenizer tokenizer, String text) {
        return tokenizer.encode(List.of(PromptPiece.content(text)), true);
    }

    private int context(PerplexityOptions options) throws IOException {
        int most = Integer.MAX_VALUE;
        for (Path path : options.reference().isPresent() ? List.of(options.model(), options.reference().get())
                : List.of(options.model())) {
            ModelFile file = models.describe(path);
            int own = file.integer(file.architecture() + ".context_length").orElse(Integer.MAX_VALUE);
            if (options.context().orElse(1) > own) {
                throw new IOException("--context " + options.context().get() + " is more than the context of " + path
                        + ", " + own + " tokens");
            }
            most = Math.min(most, own);
        }
        return options.context().orElse(Math.min(USUAL_CONTEXT, most));
    }

    private void score(PerplexityRun run, OpenModel model, List<Window> windows, PerplexityOptions options, Terminal terminal)
            throws IOException {
        PerplexityRun.Watcher watcher = (done, all) -> {
            if (terminal.interactive()) {
                terminal.err().printf(Locale.ROOT, "\r%3d %%  window %d of %d, perplexity so far %.4f", 100 * done / all, done,
                        all, run.perplexity().value());
            }
        };
        try {
            if (options.reference().isEmpty()) {
                run.score(model.engine(), windows, watcher);
                return;
            }
            int context = windows.stream().mapToInt(window -> window.end() - window.begin()).max().orElseThrow();
            try (OpenModel reference = models.open(options.reference().get(), context, context)) {
                requireSameVocabulary(model, reference, options);
                run.compare(model.engine(), reference.engine(), windows, watcher);
            }
        } finally {
            if (terminal.interactive()) {
                terminal.err().println();
            }
        }
    }

    private static void requireSameVocabulary(OpenModel model, OpenModel reference, PerplexityOptions options)
            throws IOException {
        int size = model.engine().vocabulary();
        int other = reference.engine().vocabulary();
        if (size != other) {
            throw new IOException(options.model() + " has " + size + " token ids and " + options.reference().get() + " has "
                    + other + "; only models of the same vocabulary can be compared");
        }
        String text = text(options.text());
        if (!Arrays.equals(tokens(model.tokenizer(), text), tokens(reference.tokenizer(), text))) {
            throw new IOException(options.model() + " and " + options.reference().get()
                    + " cut the text into different tokens; only models of the same vocabulary can be compared");
        }
    }

    private static void print(PerplexityRun run, PerplexityOptions options, Terminal terminal) {
        terminal.out().printf(Locale.ROOT, "perplexity       %.4f ± %.4f (%d tokens scored)%n", run.perplexity().value(),
                run.perplexity().error(), run.perplexity().count());
        if (options.reference().isPresent()) {
            terminal.out().printf(Locale.ROOT, "reference        %s: %.4f ± %.4f; the model is %+.2f %%%n",
                    options.reference().get(), run.referencePerplexity().value(), run.referencePerplexity().error(),
                    100 * (run.perplexity().value() / run.referencePerplexity().value() - 1));
            terminal.out().printf(Locale.ROOT, "KL divergence    mean %.6f, 99 %% below %.6f nats%n", run.divergence().mean(),
                    run.divergence().rare());
            terminal.out().printf(Locale.ROOT, "same top token   %.2f %%%n", 100 * run.divergence().sameTop());
        }
    }
}
