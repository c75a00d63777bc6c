package org.alcove.evaluation.task;

import java.util.List;

/**
 * Questions that are scored in one way.
 *
 * @param name of the subject or file
 * @param group subjects of the same group are averaged; empty for tasks that are no subjects
 * @param kind how it is scored
 * @param items the questions
 */
public record Task(String name, String group, Kind kind, List<Item> items) {

    public Task {
        items = List.copyOf(items);
    }

    /** How a task is scored. */
    enum Kind {
        /** Multiple choice: the likeliest of the letters. */
        LETTERS,
        /** The last word of a text: whether it is what the model would write, and how likely it is. */
        LAST_WORD,
        /** The likeliest of some continuations, as they are and by their length. */
        CONTINUATION,
        /** The context after which one continuation is likeliest. */
        CONTEXT
    }

    /** The same with its first questions only. */
    Task first(int most) {
        return items.size() <= most ? this : new Task(name, group, kind, items.subList(0, most));
    }
}
