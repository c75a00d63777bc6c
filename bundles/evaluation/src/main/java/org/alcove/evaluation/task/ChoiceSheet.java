package org.alcove.evaluation.task;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Multiple-choice questions in C-Eval's layout: columns {@code id,question,A,B,C,D,answer}, others are not looked at.
 *
 * @param file where they stand
 * @param questions in the order of the file
 */
record ChoiceSheet(Path file, List<Question> questions) {

    private static final List<String> LETTERS = List.of("A", "B", "C", "D");

    /**
     * A question.
     *
     * @param line in the file
     * @param text the question and its answers, without a letter at the end
     * @param right index of the right answer
     */
    record Question(int line, String text, int right) {

        /** As it stands in a prompt, answered. */
        String answered() {
            return text + LETTERS.get(right) + "\n\n";
        }
    }

    /**
     * Reads a file.
     *
     * @throws IOException with file, line and reason if it is not in the layout
     */
    static ChoiceSheet read(Path file) throws IOException {
        List<Question> questions = new ArrayList<>();
        for (CsvRows.Row row : CsvRows.read(Files.readString(file), file.toString())) {
            try {
                questions.add(question(row));
            } catch (IllegalArgumentException e) {
                throw new IOException(file + " line " + row.line() + ": " + e.getMessage(), e);
            }
        }
        if (questions.isEmpty()) {
            throw new IOException(file + " has no questions below its first line");
        }
        return new ChoiceSheet(file, questions);
    }

    private static Question question(CsvRows.Row row) {
        Map<String, String> values = row.values();
        StringBuilder text = new StringBuilder(value(values, "question"));
        for (String letter : LETTERS) {
            text.append('\n').append(letter).append(". ").append(value(values, letter));
        }
        int right = LETTERS.indexOf(value(values, "answer").strip());
        if (right < 0) {
            throw new IllegalArgumentException("the answer is \"" + values.get("answer") + "\", not one of A, B, C and D");
        }
        return new Question(row.line(), text.append("\n答案：").toString(), right);
    }

    private static String value(Map<String, String> values, String column) {
        String value = values.get(column);
        if (value == null) {
            throw new IllegalArgumentException("there is no column " + column + "; needed are id,question,A,B,C,D,answer"
                    + " (C-Eval's test files have no answers: score val)");
        }
        return value;
    }

    /**
     * The questions as they are put to a model: a line about the subject, answered examples, the question.
     *
     * @param examples answered questions of the same subject
     */
    Task task(Subject subject, List<Question> examples) {
        StringBuilder head = new StringBuilder("以下是中国关于" + subject.title() + "考试的单项选择题，请选出其中的正确答案。\n\n");
        examples.forEach(example -> head.append(example.answered()));
        List<Item> items = new ArrayList<>();
        for (Question question : questions) {
            items.add(new Item(file + " line " + question.line(),
                    LETTERS.stream().map(letter -> Continuation.of(head + question.text(), "", letter)).toList(),
                    question.right()));
        }
        return new Task(subject.name(), subject.group(), Task.Kind.LETTERS, items);
    }
}
