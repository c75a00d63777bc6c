package org.alcove.evaluation.task;

import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.Set;
import java.util.TreeMap;

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
    public static final String USAGE = """
            usage: ./alcove eval MODEL --tasks DIR|FILE [OPTIONS]
              --tasks DIR|FILE   multiple choice in C-Eval's layout (SUBJECT_val.csv, also in val/, examples in SUBJECT_dev.csv or
                                 dev/), and last words or continuations, one JSON object on a line of a .jsonl file
              --shots 0|5        answered examples in front of each multiple-choice question (5)
              --limit N          the first N questions of each task only
              --out DIR          also draw the accuracies there""";

    private static final String MODEL = "MODEL";
    private static final Set<String> FLAGS = Set.of("--tasks", "--shots", "--limit", "--out");
    private static final int FIVE = 5;

    /**
     * Reads the command line.
     *
     * @throws IllegalArgumentException with what is wrong
     */
    public static EvalOptions of(List<String> arguments) {
        Map<String, String> given = new TreeMap<>();
        Queue<String> rest = new ArrayDeque<>(arguments);
        while (!rest.isEmpty()) {
            String word = rest.remove();
            boolean flag = FLAGS.contains(word);
            if (!flag && word.startsWith("--")) {
                throw new IllegalArgumentException("there is no flag " + word);
            }
            if (flag && rest.isEmpty()) {
                throw new IllegalArgumentException(word + " needs a value");
            }
            String key = flag ? word : MODEL;
            if (given.put(key, flag ? rest.remove() : word) != null) {
                throw new IllegalArgumentException(key + " is given twice");
            }
        }
        for (String needed : List.of(MODEL, "--tasks")) {
            if (!given.containsKey(needed)) {
                throw new IllegalArgumentException(needed + " is missing");
            }
        }
        int shots = number(given, "--shots", FIVE);
        if (shots != 0 && shots != FIVE) {
            throw new IllegalArgumentException("--shots " + shots + " is not known; choose 0 or 5");
        }
        int limit = number(given, "--limit", Integer.MAX_VALUE);
        if (limit == 0) {
            throw new IllegalArgumentException("--limit 0 leaves no questions; choose at least 1");
        }
        return new EvalOptions(Path.of(given.get(MODEL)), Path.of(given.get("--tasks")), shots, limit,
                Optional.ofNullable(given.get("--out")).map(Path::of));
    }

    private static int number(Map<String, String> given, String flag, int usual) {
        String word = given.getOrDefault(flag, Integer.toString(usual));
        if (!word.matches("[0-9]{1,10}") || Long.parseLong(word) > Integer.MAX_VALUE) {
            throw new IllegalArgumentException(flag + " " + word + " is no whole number of at least 0");
        }
        return Integer.parseInt(word);
    }
}
