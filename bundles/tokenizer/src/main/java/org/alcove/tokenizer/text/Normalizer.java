package org.alcove.tokenizer.text;

import java.util.List;

/** Rewrites a text before it is cut into words. */
@FunctionalInterface
interface Normalizer {

    Normalizer NONE = text -> text;

    String apply(String text);

    /** One after the other. */
    static Normalizer sequence(List<Normalizer> steps) {
        return text -> {
            String rewritten = text;
            for (Normalizer step : steps) {
                rewritten = step.apply(rewritten);
            }
            return rewritten;
        };
    }
}
