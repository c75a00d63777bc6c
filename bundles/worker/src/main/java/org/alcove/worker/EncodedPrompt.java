package org.alcove.worker;

import java.util.HashSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.stream.Stream;
import org.alcove.api.worker.GenerateRequest.Limits;
import org.alcove.tokenizer.Tokenizer;

/**
 * A prompt as ids, with what its template says about the end of the answer.
 *
 * @param ids the prompt
 * @param stops strings that end the answer, by the template
 * @param stopIds ids that end the answer, by the template
 */
record EncodedPrompt(int[] ids, List<String> stops, Set<Integer> stopIds) {

    /** A prompt of no template. */
    static EncodedPrompt plain(int[] ids) {
        return new EncodedPrompt(ids, List.of(), Set.of());
    }

    /** Strings that end an answer. Who has the model's end ignored has the template's words for it ignored, too. */
    List<String> stops(Limits limits) {
        return (limits.ignoreEnd() ? limits.stops().stream() : Stream.concat(limits.stops().stream(), stops.stream()))
                .filter(stop -> !stop.isEmpty()).distinct().toList();
    }

    /** Ids that end an answer. A stop that is the spelling of a control token is an id, because such tokens add no text. */
    Set<Integer> endIds(Limits limits, Tokenizer tokenizer) {
        Set<Integer> ends = new HashSet<>(limits.stopIds());
        if (!limits.ignoreEnd()) {
            ends.addAll(tokenizer.endIds());
            ends.addAll(stopIds);
        }
        for (String stop : stops(limits)) {
            OptionalInt id = tokenizer.id(stop);
            if (id.isPresent() && tokenizer.isControl(id.getAsInt())) {
                ends.add(id.getAsInt());
            }
        }
        return ends;
    }
}
