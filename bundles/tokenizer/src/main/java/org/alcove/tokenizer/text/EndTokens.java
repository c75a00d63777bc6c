package org.alcove.tokenizer.text;

import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import java.util.TreeSet;
import org.alcove.weights.ModelFile;
import org.alcove.weights.ModelFormatException;

/** Collects the ids that end an answer: those the file names, and control tokens with a spelling that says so. */
final class EndTokens {
    private static final List<String> KEYS = List.of("tokenizer.ggml.eos_token_id", "tokenizer.ggml.eot_token_id",
            "tokenizer.ggml.eom_token_id");
    private static final List<String> SPELLINGS = List.of("</s>", "<eos>",
            "<|eot_id|>", "<|im_end|>", "<|end|>", "<|return|>", "<|call|>",
            "<|endoftext|>", "<|end_of_text|>", "<|eom_id|>", "<end_of_turn>", "<|end_of_turn|>", "<|EOT|>", "<EOT>",
            "<end_of_utterance>", "<\uFF5Cend\u2581of\u2581sentence\uFF5C>");

    private EndTokens() {
    }

    static Set<Integer> of(ModelFile model, Vocabulary vocabulary) throws ModelFormatException {
        Set<Integer> ends = new TreeSet<>();
        for (String key : KEYS) {
            idAt(model, key, vocabulary).ifPresent(ends::add);
        }
        for (int id : model.integers(ModelFile.END_TOKEN_IDS)) {
            ends.add(checked(model, ModelFile.END_TOKEN_IDS, id, vocabulary));
        }
        for (String spelling : SPELLINGS) {
            int id = vocabulary.find(spelling);
            if (id >= 0 && vocabulary.kind(id).control()) {
                ends.add(id);
            }
        }
        // In the harmony format <|end|> parts the messages of one answer; <|return|> and <|call|> end it.
        int end = vocabulary.find("<|end|>");
        if (ends.contains(vocabulary.find("<|return|>")) && ends.contains(vocabulary.find("<|call|>"))) {
            ends.remove(end);
        }
        return Set.copyOf(ends);
    }

    /** The id a key holds; empty where the key is absent, or its number is that of no id. */
    static OptionalInt idAt(ModelFile model, String key, Vocabulary vocabulary) throws ModelFormatException {
        OptionalInt id = model.integer(key);
        if (id.isEmpty()) {
            // Some converters write 4294967295 where there is none.
            if (model.number(key).isEmpty() && model.keys().contains(key)) {
                throw new ModelFormatException(model.path() + ": " + key + " is no integer; convert the model again");
            }
            return id;
        }
        return OptionalInt.of(checked(model, key, id.getAsInt(), vocabulary));
    }

    private static int checked(ModelFile model, String key, int id, Vocabulary vocabulary) throws ModelFormatException {
        if (id < 0 || id >= vocabulary.size()) {
            throw new ModelFormatException(model.path() + ": " + key + " is " + id + ", but the vocabulary has ids 0 to "
                    + (vocabulary.size() - 1) + "; convert the model again");
        }
        return id;
    }
}
