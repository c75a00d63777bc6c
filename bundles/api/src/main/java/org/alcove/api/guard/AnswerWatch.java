package org.alcove.api.guard;

import org.osgi.annotation.versioning.ConsumerType;

/**
 * A guard's eye on one answer. Asked by one thread at a time, from the answer's first text to its last, and dropped without a
 * word where the answer ends or its guard is taken away.
 */
@ConsumerType
public interface AnswerWatch {

    /**
     * Whether the answer may go on with this text.
     *
     * <p>Where it may not, the answer ends in front of it: its reader gets none of this text and {@code content_filter} as the
     * reason of the end. <b>Text that was let pass before has been sent and stays sent.</b> What is to be kept from a reader must
     * be recognized by its beginning: of a word that comes in two pieces the first is gone when the second is seen.
     *
     * @param text what comes next, whole characters, never empty; the pieces in order make up the answer, without the stop string
     *        that ended it
     */
    boolean passes(String text);
}
