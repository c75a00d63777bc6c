package org.alcove.evaluation.task;

import java.nio.charset.StandardCharsets;

/**
 * A text and what may come after it.
 *
 * @param context what the model is given
 * @param text what is scored, the space that joins it to the context included
 * @param bytes length of the answer in UTF-8, without what joins it
 */
record Continuation(String context, String text, int bytes) {

    /** An answer joined to its context. */
    static Continuation of(String context, String join, String answer) {
        return new Continuation(context, join + answer, answer.getBytes(StandardCharsets.UTF_8).length);
    }
}
