package org.alcove.evaluation;

import java.io.IOException;
import java.util.List;
import org.alcove.api.control.Command;
import org.alcove.engine.EngineFactory;
import org.alcove.evaluation.task.EvalOptions;
import org.alcove.evaluation.task.Evaluation;
import org.alcove.evaluation.task.Task;
import org.alcove.evaluation.task.TaskFiles;
import org.alcove.tokenizer.Tokenizers;
import org.alcove.weights.ModelFile;
import org.alcove.weights.WeightStore;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** {@code ./alcove eval}: how many questions with known answers a model gets right. */
@Component(property = {Command.NAME + "=eval",
    Command.SUMMARY + "=Score a model by choice tasks: MODEL --tasks DIR|FILE [--shots 0|5] [--limit N] [--out DIR]"})
public final class EvalCommand implements Command {

    /** Enough for five examples and a question; more would only take memory. */
    private static final int USUAL_CONTEXT = 4096;

    private final OpenModel.Opener models;

    @Activate
    public EvalCommand(@Reference WeightStore store, @Reference Tokenizers tokenizers, @Reference EngineFactory engines) {
        this.models = new OpenModel.Opener(store, tokenizers, engines);
    }

    @Override
    public int run(List<String> arguments, Terminal terminal) throws IOException {
        return EvalOptions.USAGE.run(arguments, terminal, EvalOptions::of, options -> run(options, terminal));
    }

    private int run(EvalOptions options, Terminal terminal) throws IOException {
        // Questions are read first: a bad line is told before a large model is loaded.
        List<Task> tasks = new TaskFiles(options.shots()).read(options.tasks());
        ModelFile file = models.describe(options.model());
        int own = file.integer(file.architecture() + ".context_length").orElse(USUAL_CONTEXT);
        try (OpenModel model = models.open(options.model(), Math.min(own, USUAL_CONTEXT), 0)) {
            new Evaluation(model.engine(), model.tokenizer(), terminal).run(file.name(), tasks, options.limit(), options.out());
        }
        return 0;
    }
}
