package org.alcove.tokenizer.text;

import java.util.List;
import java.util.function.Consumer;

/** Cuts a text into words; merges never cross from one word to the next. */
@FunctionalInterface
interface PreTokenizer {

    PreTokenizer NONE = (text, first, words) -> words.accept(text);

    /** Spells every word in the byte alphabet. */
    PreTokenizer BYTES = (text, first, words) -> words.accept(ByteAlphabet.spell(text));

    /**
     * Hands over the words in order; none is empty.
     *
     * @param first whether the text begins the prompt
     */
    void cut(String text, boolean first, Consumer<String> words);

    /** Each cuts what the one before it left. */
    static PreTokenizer sequence(List<PreTokenizer> steps) {
        PreTokenizer chain = NONE;
        for (int i = steps.size() - 1; i >= 0; i--) {
            PreTokenizer step = steps.get(i);
            PreTokenizer rest = chain;
            chain = i == steps.size() - 1 ? step : (text, first, words) -> {
                boolean[] begins = {first};
                step.cut(text, first, word -> {
                    rest.cut(word, begins[0], words);
                    begins[0] = false;
                });
            };
        }
        return chain;
    }
}
