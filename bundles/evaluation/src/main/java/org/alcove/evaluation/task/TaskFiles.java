package org.alcove.evaluation.task;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** Finds and reads the tasks of a folder: C-Eval's own, with {@code dev}, {@code val} and {@code test} in it, or a flat one. */
public final class TaskFiles {

    private static final String SHEET = ".csv";
    private static final String LINES = ".jsonl";
    private static final String EXAMPLES = "_dev";
    /** What is scored, best first: C-Eval's test files come without answers. */
    private static final List<String> SCORED = List.of("_val", "_test", "");

    private final int shots;

    /** @param shots answered examples in front of each multiple-choice question */
    public TaskFiles(int shots) {
        this.shots = shots;
    }

    /**
     * Reads the tasks of a folder, or the one of a file.
     *
     * @throws IOException if there are none, or one is damaged; names file, line and reason
     */
    public List<Task> read(Path path) throws IOException {
        if (Files.isRegularFile(path)) {
            return List.of(task(path));
        }
        if (!Files.isDirectory(path)) {
            throw new IOException(path + " does not exist; give a folder of tasks, a .csv or a .jsonl file");
        }
        List<Path> files = new ArrayList<>(sheets(path));
        files.addAll(files(path, LINES));
        if (files.isEmpty()) {
            throw new IOException(path + " has no tasks: neither SUBJECT_val.csv, there or in val/, nor .jsonl files");
        }
        List<Task> tasks = new ArrayList<>();
        for (Path file : files) {
            tasks.add(task(file));
        }
        return tasks;
    }

    private Task task(Path file) throws IOException {
        String name = file.getFileName().toString();
        if (name.endsWith(LINES)) {
            return JsonLines.read(file, name.substring(0, name.length() - LINES.length()));
        }
        if (!name.endsWith(SHEET)) {
            throw new IOException(file + " is neither a .csv nor a .jsonl file");
        }
        Subject subject = Subject.of(subject(file));
        return ChoiceSheet.read(file).task(subject, examples(file, subject.name()));
    }

    private List<ChoiceSheet.Question> examples(Path file, String subject) throws IOException {
        if (shots == 0) {
            return List.of();
        }
        Path beside = file.resolveSibling(subject + EXAMPLES + SHEET);
        Path dev = Files.exists(beside) ? beside
                : file.toAbsolutePath().getParent().resolveSibling("dev").resolve(beside.getFileName());
        if (!Files.exists(dev)) {
            throw new IOException("there are no examples for " + file + ": neither " + beside + " nor " + dev
                    + " exists; add one or use --shots 0");
        }
        List<ChoiceSheet.Question> examples = ChoiceSheet.read(dev).questions();
        if (examples.size() < shots) {
            throw new IOException(dev + " has " + examples.size() + " examples, " + shots
                    + " are needed; add some or use --shots 0");
        }
        return examples.subList(0, shots);
    }

    /** One file of each subject, subjects that are known in C-Eval's order and before others. */
    private static List<Path> sheets(Path folder) throws IOException {
        Map<String, Path> found = new TreeMap<>();
        for (String ending : SCORED) {
            for (Path place : List.of(folder.resolve(ending.isEmpty() ? "." : ending.substring(1)), folder)) {
                for (Path file : files(place.normalize(), ending + SHEET)) {
                    if (!file.toString().endsWith(EXAMPLES + SHEET)) {
                        found.putIfAbsent(subject(file), file);
                    }
                }
            }
        }
        List<Path> sheets = new ArrayList<>();
        for (String known : Subject.known().keySet()) {
            if (found.containsKey(known)) {
                sheets.add(found.remove(known));
            }
        }
        sheets.addAll(found.values());
        return sheets;
    }

    private static String subject(Path file) {
        String name = file.getFileName().toString();
        String stem = name.substring(0, name.length() - SHEET.length());
        return SCORED.stream().filter(stem::endsWith).findFirst()
                .map(ending -> stem.substring(0, stem.length() - ending.length()))
                .orElseThrow();
    }

    private static List<Path> files(Path folder, String ending) throws IOException {
        if (!Files.isDirectory(folder)) {
            return List.of();
        }
        try (Stream<Path> files = Files.list(folder)) {
            return files.filter(file -> file.toString().endsWith(ending) && Files.isRegularFile(file)).sorted().toList();
        }
    }
}
