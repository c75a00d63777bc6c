package org.alcove.weights.quantize;

import java.util.Arrays;
import java.util.stream.Collectors;

/** Shapes of well-known models of the Llama family, so that speed can be measured without their weights. */
enum SynthShape {

    /** Small enough to be made and run in a moment. */
    TINY("tiny", 256, 768, 4, 4, 2, 2048, 1024, 1e4f),
    /** TinyLlama 1.1B. */
    LLAMA_1B("llama-1b", 2048, 5632, 22, 32, 4, 32_000, 2048, 1e4f),
    /** Llama 2 7B. */
    LLAMA2_7B("llama2-7b", 4096, 11_008, 32, 32, 32, 32_000, 4096, 1e4f),
    /** Llama 2 13B. */
    LLAMA2_13B("llama2-13b", 5120, 13_824, 40, 40, 40, 32_000, 4096, 1e4f),
    /** Llama 3 8B. */
    LLAMA3_8B("llama3-8b", 4096, 14_336, 32, 32, 8, 128_256, 8192, 5e5f);

    private final String word;
    private final int width;
    private final int feedForward;
    private final int layers;
    private final int heads;
    private final int keyHeads;
    private final int vocabulary;
    private final int context;
    private final float ropeBase;

    SynthShape(String word, int width, int feedForward, int layers, int heads, int keyHeads, int vocabulary, int context,
            float ropeBase) {
        this.word = word;
        this.width = width;
        this.feedForward = feedForward;
        this.layers = layers;
        this.heads = heads;
        this.keyHeads = keyHeads;
        this.vocabulary = vocabulary;
        this.context = context;
        this.ropeBase = ropeBase;
    }

    /** The shape of a name. */
    static SynthShape of(String word) {
        return Arrays.stream(values()).filter(shape -> shape.word.equals(word)).findFirst()
                .orElseThrow(() -> new IllegalArgumentException("shape " + word + " is not known; choose one of " + words()));
    }

    /** All names. */
    static String words() {
        return Arrays.stream(values()).map(shape -> shape.word).collect(Collectors.joining(", "));
    }

    String word() {
        return word;
    }

    int width() {
        return width;
    }

    int feedForward() {
        return feedForward;
    }

    int layers() {
        return layers;
    }

    int heads() {
        return heads;
    }

    int keyHeads() {
        return keyHeads;
    }

    /** Columns of keys and values. */
    int keyWidth() {
        return width / heads * keyHeads;
    }

    int vocabulary() {
        return vocabulary;
    }

    int context() {
        return context;
    }

    float ropeBase() {
        return ropeBase;
    }
}
