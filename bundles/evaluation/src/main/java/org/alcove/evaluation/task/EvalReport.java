package org.alcove.evaluation.task;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.alcove.commandline.WholeFile;
import org.alcove.plot.BarChart;

/**
 * Tells and draws what came out of tasks.
 *
 * @param model name of the model
 * @param outcomes of all tasks
 */
record EvalReport(String model, List<Outcome> outcomes) {

    private static final String AVERAGE = "average";

    /** Subjects in groups: every subject counts the same, however many questions it has. */
    private Map<String, Double> groups() {
        Map<String, Double> groups = new LinkedHashMap<>();
        for (String group : Subject.GROUPS) {
            subjects().stream().filter(subject -> subject.task().group().equals(group)).mapToDouble(Outcome::accuracy).average()
                    .ifPresent(accuracy -> groups.put(group, accuracy));
        }
        subjects().stream().mapToDouble(Outcome::accuracy).average().ifPresent(accuracy -> groups.put(AVERAGE, accuracy));
        return groups;
    }

    private List<Outcome> subjects() {
        return outcomes.stream().filter(outcome -> outcome.task().kind() == Task.Kind.LETTERS).toList();
    }

    private List<Outcome> others() {
        return outcomes.stream().filter(outcome -> outcome.task().kind() != Task.Kind.LETTERS).toList();
    }

    /** Writes the tables. */
    void print(PrintStream out) {
        if (!subjects().isEmpty()) {
            out.println("| subject | group | questions | accuracy % | ± | cut |");
            out.println("|---|---|--:|--:|--:|--:|");
            for (Outcome each : subjects()) {
                out.printf(Locale.ROOT, "| %s | %s | %d | %s | %s | %d |%n", each.task().name(), each.task().group(),
                        each.items(), percent(each.accuracy()), percent(each.error()), each.cut());
            }
            out.printf("%n| group | accuracy %% |%n|---|--:|%n");
            groups().forEach((group, accuracy) -> out.printf("| %s | %s |%n", group, percent(accuracy)));
        }
        if (!others().isEmpty()) {
            out.print(subjects().isEmpty() ? "" : System.lineSeparator());
            out.println("| task | questions | accuracy % | ± | by length % | perplexity | cut |");
            out.println("|---|--:|--:|--:|--:|--:|--:|");
            for (Outcome each : others()) {
                Task.Kind kind = each.task().kind();
                out.printf(Locale.ROOT, "| %s | %d | %s | %s | %s | %s | %d |%n", each.task().name(), each.items(),
                        percent(each.accuracy()), percent(each.error()),
                        kind == Task.Kind.CONTINUATION ? percent(each.accuracyByLength()) : "",
                        kind == Task.Kind.LAST_WORD ? String.format(Locale.ROOT, "%.3f", each.perplexity()) : "", each.cut());
            }
        }
        int cut = outcomes.stream().mapToInt(Outcome::cut).sum();
        if (cut > 0) {
            out.printf("%n%d questions were longer than the model's context: their beginning was cut off.%n", cut);
        }
    }

    private static String percent(double share) {
        return Double.isFinite(share) ? String.format(Locale.ROOT, "%.1f", 100 * share) : "";
    }

    /** Draws the accuracies into a folder, which is made if need be. */
    List<Path> draw(Path folder) throws IOException {
        Files.createDirectories(folder);
        List<Path> written = new ArrayList<>();
        if (!subjects().isEmpty()) {
            Map<String, Double> groups = groups();
            written.add(draw(folder.resolve("accuracy-groups.svg"), "Multiple choice by group", List.copyOf(groups.keySet()),
                    List.copyOf(groups.values())));
            written.add(draw(folder.resolve("accuracy-subjects.svg"), "Multiple choice by subject", subjects()));
        }
        if (!others().isEmpty()) {
            written.add(draw(folder.resolve("accuracy-tasks.svg"), "Last words and continuations", others()));
        }
        return written;
    }

    private Path draw(Path file, String title, List<Outcome> drawn) throws IOException {
        return draw(file, title, drawn.stream().map(each -> each.task().name()).toList(),
                drawn.stream().map(Outcome::accuracy).toList());
    }

    private Path draw(Path file, String title, List<String> names, List<Double> accuracies) throws IOException {
        WholeFile.write(file, BarChart.titled(title).axes("", "accuracy [%]").groups(names.toArray(String[]::new))
                .series(model, accuracies.stream().mapToDouble(share -> 100 * share).toArray()).svg());
        return file;
    }
}
