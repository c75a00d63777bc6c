package org.alcove.engine.forward;

import org.alcove.engine.memory.MemoryModel;

/** Random models of a few thousand weights. */
public final class TinyModels {

    static final int WIDTH = 24;
    static final int HEADS = 4;
    static final int KEY_HEADS = 2;
    static final int SIZE = 10;
    static final int HIDDEN = 40;
    public static final int VOCABULARY = 37;

    private TinyModels() {
    }

    public static MemoryModel of(String architecture) {
        MemoryModel model = new MemoryModel(architecture).key(".block_count", 2).key(".embedding_length", WIDTH)
                .key(".feed_forward_length", HIDDEN).key(".attention.head_count", HEADS)
                .key(".attention.head_count_kv", KEY_HEADS).key(".attention.key_length", SIZE)
                .key(".attention.layer_norm_rms_epsilon", 1e-5).key(".context_length", 512).key(".rope.freq_base", 10_000f)
                .matrix("token_embd.weight", VOCABULARY, WIDTH).matrix("output.weight", VOCABULARY, WIDTH)
                .vector("output_norm.weight", WIDTH, 1);
        for (int layer = 0; layer < 2; layer++) {
            String prefix = "blk." + layer + ".";
            model.vector(prefix + "attn_norm.weight", WIDTH, 1).vector(prefix + "ffn_norm.weight", WIDTH, 1)
                    .matrix(prefix + "attn_q.weight", HEADS * SIZE, WIDTH)
                    .matrix(prefix + "attn_k.weight", KEY_HEADS * SIZE, WIDTH)
                    .matrix(prefix + "attn_v.weight", KEY_HEADS * SIZE, WIDTH)
                    .matrix(prefix + "attn_output.weight", WIDTH, HEADS * SIZE)
                    .matrix(prefix + "ffn_gate.weight", HIDDEN, WIDTH).matrix(prefix + "ffn_up.weight", HIDDEN, WIDTH)
                    .matrix(prefix + "ffn_down.weight", WIDTH, HIDDEN);
        }
        return model;
    }

    public static MemoryModel qwen2() {
        MemoryModel model = of("qwen2").key(MemoryModel.ROPE_PAIRING, "halves");
        for (int layer = 0; layer < 2; layer++) {
            String prefix = "blk." + layer + ".";
            model.vector(prefix + "attn_q.bias", HEADS * SIZE, 0).vector(prefix + "attn_k.bias", KEY_HEADS * SIZE, 0)
                    .vector(prefix + "attn_v.bias", KEY_HEADS * SIZE, 0);
        }
        return model;
    }

    public static MemoryModel qwen3() {
        MemoryModel model = of("qwen3").key(MemoryModel.ROPE_PAIRING, "halves").remove("output.weight");
        for (int layer = 0; layer < 2; layer++) {
            String prefix = "blk." + layer + ".";
            model.vector(prefix + "attn_q_norm.weight", SIZE, 1).vector(prefix + "attn_k_norm.weight", SIZE, 1);
        }
        return model;
    }

    public static MemoryModel baichuan() {
        MemoryModel model = of("baichuan").key(MemoryModel.ROPE_PAIRING, "halves").key(MemoryModel.NORMALIZED_HEAD, true);
        for (int layer = 0; layer < 2; layer++) {
            String prefix = "blk." + layer + ".";
            model.remove(prefix + "attn_q.weight").remove(prefix + "attn_k.weight").remove(prefix + "attn_v.weight")
                    .matrix(prefix + "attn_qkv.weight", (HEADS + 2 * KEY_HEADS) * SIZE, WIDTH);
        }
        return model;
    }
}
