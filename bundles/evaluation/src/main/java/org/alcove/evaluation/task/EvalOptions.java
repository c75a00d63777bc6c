package org.alcove.evaluation.task;

import java.nio.file.Path;
import java.util.Optional;
import org.alcove.commandline.CommandLine;
import org.alcove.commandline.Usage;

/**
 * What the command line asks for.
 *
 * @param model the model
 * @param tasks folder or file of tasks
 * @param shots answered examples in front of each multiple-choice question
 * @param limit most questions of each task
 * @param out folder for the charts, if any
 */
public record EvalOptions(Path model, Path tasks, int shots, int limit, Optional<Path> out) {

    /** What the command can be asked. */
    public static final Usage USAGE = Usage.of("eval", """
            usage: ./alcove eval MODEL --tasks DIR|FILE [OPTIONS]
              --tasks DIR|FILE   multiple choice in C-Eval's layout (SUBJECT_val.csv, also in val/, examples in SUBJECT_dev.csv or
                                 dev/), and last words or continuations, one JSON object on a line of a .jsonl file
              --shots 0|5        answered examples in front of each multiple-choice question (5)
              --limit N          the first N questions of each task only
              --out DIR          also draw the accuracies there""",
            "--tasks", "--shots", "--limit", "--out");

    private static final int FIVE = 5;

    /**
     * Reads the command line.
     *
     * @throws IllegalArgumentException with what is wrong
     */
    public static EvalOptions of(CommandLine line) {
        int shots = line.number("--shots", 0, FIVE).orElse(FIVE);
        if (shots != 0 && shots != FIVE) {
            throw new IllegalArgumentException("--shots " + shots + " is not known; choose 0 or 5");
        }
        return new EvalOptions(Path.of(line.words("MODEL").getFirst()), Path.of(line.needed("--tasks")), shots,
                line.number("--limit", 1, Integer.MAX_VALUE).orElse(Integer.MAX_VALUE), line.path("--out"));
    }
}
