package org.alcove.evaluation.task;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.alcove.api.control.Command.Terminal;
import org.alcove.engine.Engine;
import org.alcove.tokenizer.Tokenizer;

/** Scores a model by tasks and tells how it did. */
public final class Evaluation {

    private final Scorer scorer;
    private final Terminal terminal;
    private final List<Outcome> outcomes = new ArrayList<>();
    private int done;

    public Evaluation(Engine engine, Tokenizer tokenizer, Terminal terminal) {
        this.scorer = new Scorer(engine, tokenizer);
        this.terminal = terminal;
    }

    /**
     * Scores tasks, prints the tables and draws the charts.
     *
     * @param model what tables and charts call the model
     * @param limit most questions of each task
     * @param out folder for the charts, if any
     * @throws IOException if the model fails, a question has no room in its context, or a chart cannot be written
     */
    public void run(String model, List<Task> tasks, int limit, Optional<Path> out) throws IOException {
        List<Task> asked = tasks.stream().map(task -> task.first(limit)).toList();
        int all = asked.stream().mapToInt(task -> task.items().size()).sum();
        try {
            for (Task task : asked) {
                Outcome outcome = new Outcome(task);
                scorer.score(task.items(), (item, scores, cut) -> {
                    outcome.add(item, scores, cut);
                    show(task, ++done, all);
                });
                outcomes.add(outcome);
            }
        } finally {
            // What follows, an error too, begins on a line of its own.
            if (terminal.interactive()) {
                terminal.err().println();
            }
        }
        EvalReport report = new EvalReport(model, outcomes);
        report.print(terminal.out());
        if (out.isPresent()) {
            for (Path written : report.draw(out.get())) {
                terminal.out().println("wrote " + written);
            }
        }
    }

    private void show(Task task, int question, int all) {
        if (terminal.interactive()) {
            terminal.err().printf(Locale.ROOT, "\r%3d %%  question %d of %d  %-40s", 100 * question / all, question, all,
                    task.name());
        }
    }
}
