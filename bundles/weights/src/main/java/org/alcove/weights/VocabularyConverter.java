package org.alcove.weights;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.osgi.annotation.versioning.ProviderType;

/**
 * Rewrites what a model says about its tokens for the other container. A service of the room that knows tokenizers; text gives
 * the same ids before and after.
 */
@ProviderType
public interface VocabularyConverter {

    /**
     * The files that say in a Hugging Face folder what a model says in the keys {@code tokenizer.ggml.*}.
     *
     * @return {@code tokenizer.json} and {@code tokenizer_config.json}, UTF-8, by name
     * @throws ModelFormatException if the model describes no tokenizer, or one such files cannot describe; says why
     */
    Map<String, byte[]> folderFiles(ModelFile model) throws ModelFormatException;

    /**
     * What a Hugging Face folder says about its tokens, in GGUF's words.
     *
     * @param rows ids the model has; those without a token get one that no text yields
     * @throws ModelFormatException if there is no tokenizer, one GGUF cannot describe, or more tokens than rows; says why
     */
    GgufVocabulary ggufKeys(ModelFile folder, int rows) throws ModelFormatException;

    /**
     * Values of the keys {@code tokenizer.ggml.*}, each named like its record component.
     *
     * @param model {@code llama} or {@code gpt2}
     * @param pre how text is cut into words; empty for {@code llama}
     * @param tokens spellings by id
     * @param kinds {@code token_type} of each
     * @param scores of each; empty for {@code gpt2}
     * @param merges pairs with a space between, best first; empty for {@code llama}
     * @param ids special ids by key, for example {@code bos_token_id}
     * @param flags for example {@code add_bos_token}
     */
    record GgufVocabulary(String model, Optional<String> pre, List<String> tokens, int[] kinds, float[] scores,
            List<String> merges, Map<String, Integer> ids, Map<String, Boolean> flags) {
    }
}
