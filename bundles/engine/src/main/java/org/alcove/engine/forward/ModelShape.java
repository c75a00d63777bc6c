package org.alcove.engine.forward;

import org.alcove.engine.KvType;
import org.alcove.engine.numeric.KvLayout;
import org.alcove.weights.ModelFile;
import org.alcove.weights.ModelFormatException;

/**
 * Sizes of a model.
 *
 * @param layers number of layers
 * @param width length of the vector that goes from layer to layer
 * @param heads query heads
 * @param keyHeads key and value heads; divides {@code heads}
 * @param headSize columns of a head
 * @param hidden width inside the feed-forward network
 * @param vocabulary number of token ids
 * @param context most tokens the model was made for
 * @param window how many positions back a token sees, itself included; {@code Integer.MAX_VALUE} for all
 * @param epsilon of the RMSNorms
 */
public record ModelShape(int layers, int width, int heads, int keyHeads, int headSize, int hidden, int vocabulary, int context,
        int window, float epsilon) {

    /** More columns than any matrix of a real model has; keeps products of sizes within int32. */
    private static final int LARGEST = 1 << 24;

    /**
     * Sizes of a model whose tensors are not read.
     *
     * @throws ModelFormatException if the architecture is not known, or the keys do not make sense
     */
    public static ModelShape of(ModelFile file) throws ModelFormatException {
        ModelFile.Tensor embedding = file.tensors().get("token_embd.weight");
        if (embedding == null) {
            throw new ModelFormatException(file.path() + ": there is no tensor token_embd.weight");
        }
        return of(new Keys(file), Architecture.of(file), embedding.shape().rows());
    }

    static ModelShape of(Keys keys, Architecture architecture, int vocabulary) throws ModelFormatException {
        int width = keys.positive("embedding_length");
        int heads = keys.positive("attention.head_count");
        int keyHeads = keys.positive("attention.head_count_kv", heads);
        if (heads % keyHeads != 0) {
            throw keys.error("attention.head_count_kv", keyHeads + " key heads do not divide " + heads + " heads");
        }
        if (!keys.has("attention.key_length") && width % heads != 0) {
            throw keys.error("attention.head_count", heads + " heads do not divide a width of " + width
                    + ", and attention.key_length is not there");
        }
        int headSize = keys.positive("attention.key_length", width / heads);
        int valueSize = keys.positive("attention.value_length", headSize);
        if (valueSize != headSize) {
            throw keys.error("attention.value_length", "it is " + valueSize + ", but only the size of keys, " + headSize
                    + ", is supported");
        }
        if ((long) heads * headSize > LARGEST) {
            throw keys.error("attention.head_count", heads + " heads of " + headSize + " columns are more than " + LARGEST);
        }
        int layers = keys.positive("block_count");
        if (layers == architecture.alibiLayers()) {
            throw keys.error("block_count", architecture.name() + " models of " + layers
                    + " layers tell positions by ALiBi, which is not supported; smaller ones are");
        }
        return new ModelShape(layers, width, heads, keyHeads, headSize, keys.positive("feed_forward_length"), vocabulary,
                keys.positive("context_length"), keys.positive("attention.sliding_window", Integer.MAX_VALUE),
                (float) keys.number("attention.layer_norm_rms_epsilon"));
    }

    /** Columns of all query heads. */
    public int queryColumns() {
        return heads * headSize;
    }

    /** Columns of all key heads. */
    public int keyColumns() {
        return keyHeads * headSize;
    }

    /** Where the cache keeps keys and values of that type. */
    public KvLayout cacheLayout(KvType type) {
        return new KvLayout(type, layers, keyHeads, headSize);
    }
}
