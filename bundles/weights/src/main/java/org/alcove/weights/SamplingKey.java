package org.alcove.weights;

/**
 * How a model's tokens should be chosen, as its file says it: the keys that llama.cpp reads in GGUF files, and what they are
 * called in a folder's {@code generation_config.json}. {@link ModelFile} answers the keys for both; all hold numbers.
 */
public enum SamplingKey {

    /** Divides the logits; 0 for the likeliest token, always. */
    TEMPERATURE("general.sampling.temp", "temperature"),
    /** Keeps the k likeliest tokens; an integer. */
    TOP_K("general.sampling.top_k", "top_k"),
    /** Keeps the likeliest tokens that have this probability together. */
    TOP_P("general.sampling.top_p", "top_p"),
    /** Keeps tokens that have this fraction of the likeliest one's probability. */
    MIN_P("general.sampling.min_p", "min_p"),
    /** Makes tokens that were there less likely. */
    REPETITION_PENALTY("general.sampling.penalty_repeat", "repetition_penalty");

    /** The flag of {@code generation_config.json} that is false where the likeliest token is to be taken, always. */
    public static final String DRAWN = "do_sample";

    private final String key;
    private final String setting;

    SamplingKey(String key, String setting) {
        this.key = key;
        this.setting = setting;
    }

    /** In GGUF. */
    public String key() {
        return key;
    }

    /** In {@code generation_config.json}. */
    public String setting() {
        return setting;
    }
}
