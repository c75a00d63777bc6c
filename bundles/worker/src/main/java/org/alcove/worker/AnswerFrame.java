package org.alcove.worker;

import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.alcove.api.worker.GenerationEvent;

/**
 * What stays the same while an answer is written.
 *
 * @param started first event
 * @param prompt ids of the prompt
 * @param point where the answer begins: with no tokens, or with those that were written elsewhere
 * @param silentIds ids that end the answer and add no text
 * @param stops strings that end the answer and are no part of it
 * @param minTokens a stop string that is complete within so many tokens is text as any other; one that only begins there counts
 * @param deadline when the caller stops waiting, if known
 */
record AnswerFrame(GenerationEvent.Started started, int[] prompt, ResumePoint point, Set<Integer> silentIds, List<String> stops,
        int minTokens, Optional<Instant> deadline) {
}
