package org.alcove.evaluation.task;

import java.util.List;

/**
 * A question.
 *
 * @param place where it stands, for messages: {@code choices.jsonl line 7}
 * @param choices answers to choose from; a last word has one
 * @param right index of the right one
 */
record Item(String place, List<Continuation> choices, int right) {

    Item {
        choices = List.copyOf(choices);
    }
}
