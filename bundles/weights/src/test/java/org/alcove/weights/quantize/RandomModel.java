package org.alcove.weights.quantize;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Random;
import org.alcove.weights.huggingface.FolderNames;
import org.alcove.weights.sample.FolderSample;
import org.alcove.weights.sample.GgufSample;

/** Small models of random weights in both containers: 2 layers, width 128, 4 heads, 2 key heads, 16 tokens. */
final class RandomModel {

    static final int WIDTH = 128;
    static final int HIDDEN = 256;
    static final int HEAD = 32;
    static final int ROWS = 16;

    private final Random random = new Random(7);
    private final boolean fused;

    private RandomModel(boolean fused) {
        this.fused = fused;
    }

    /** GGUF names and shapes, columns first. */
    private Map<String, long[]> tensors() {
        Map<String, long[]> shapes = new LinkedHashMap<>();
        shapes.put("token_embd.weight", new long[] {WIDTH, ROWS});
        for (int layer = 0; layer < 2; layer++) {
            String prefix = "blk." + layer + ".";
            shapes.put(prefix + "attn_norm.weight", new long[] {WIDTH});
            if (fused) {
                shapes.put(prefix + "attn_qkv.weight", new long[] {WIDTH, WIDTH + 4 * HEAD});
            } else {
                shapes.put(prefix + "attn_q.weight", new long[] {WIDTH, WIDTH});
                shapes.put(prefix + "attn_k.weight", new long[] {WIDTH, 2 * HEAD});
                shapes.put(prefix + "attn_v.weight", new long[] {WIDTH, 2 * HEAD});
            }
            shapes.put(prefix + "attn_output.weight", new long[] {WIDTH, WIDTH});
            shapes.put(prefix + "ffn_norm.weight", new long[] {WIDTH});
            shapes.put(prefix + "ffn_gate.weight", new long[] {WIDTH, HIDDEN});
            shapes.put(prefix + "ffn_up.weight", new long[] {WIDTH, HIDDEN});
            shapes.put(prefix + "ffn_down.weight", new long[] {HIDDEN, WIDTH});
        }
        shapes.put("output_norm.weight", new long[] {WIDTH});
        shapes.put("output.weight", new long[] {WIDTH, ROWS});
        return shapes;
    }

    private byte[] values(long[] shape) {
        GgufSample.Bytes bytes = new GgufSample.Bytes();
        for (long i = shape[0] * (shape.length == 1 ? 1 : shape[1]); i > 0; i--) {
            bytes.int32(Float.floatToIntBits((float) random.nextGaussian()));
        }
        return bytes.array();
    }

    /** A GGUF file in float32. */
    static Path gguf(Path file, String architecture, Map<String, Object> more) throws IOException {
        RandomModel model = new RandomModel(false);
        GgufSample sample = GgufSample.of(architecture).key(architecture + ".context_length", 512)
                .key(architecture + ".embedding_length", WIDTH).key(architecture + ".block_count", 2)
                .key(architecture + ".feed_forward_length", HIDDEN).key(architecture + ".attention.head_count", 4)
                .key(architecture + ".attention.head_count_kv", 2).key(architecture + ".rope.freq_base", 500_000f)
                .key(architecture + ".attention.layer_norm_rms_epsilon", 1e-5f).key("tokenizer.ggml.bos_token_id", 1)
                .key("tokenizer.ggml.eos_token_id", 2).key("tokenizer.ggml.eot_token_id", 3);
        more.forEach((name, value) -> {
            if (!(value instanceof float[])) {
                sample.key(name, value);
            }
        });
        model.tensors().forEach((name, shape) -> sample.tensor(name, 0, model.values(shape), shape));
        more.forEach((name, value) -> {
            if (value instanceof float[] floats) {
                GgufSample.Bytes bytes = new GgufSample.Bytes();
                for (float one : floats) {
                    bytes.int32(Float.floatToIntBits(one));
                }
                sample.tensor(name, 0, bytes.array(), floats.length);
            }
        });
        return sample.write(file);
    }

    /** A folder in float32, without tokenizer files. */
    static Path folder(Path folder, String modelType, String more) throws IOException {
        Files.createDirectories(folder);
        RandomModel model = new RandomModel(modelType.equals("baichuan"));
        FolderSample sample = new FolderSample(folder).json("config.json", """
                {'model_type': '%s', 'vocab_size': 16, 'hidden_size': 128, 'intermediate_size': 256, 'num_hidden_layers': 2,
                 'num_attention_heads': 4, 'num_key_value_heads': 2, 'max_position_embeddings': 512, 'rms_norm_eps': 1e-5,
                 'rope_theta': 500000.0, 'bos_token_id': 1, 'eos_token_id': [2, 3], 'torch_dtype': 'bfloat16'%s}"""
                .formatted(modelType, more));
        for (Map.Entry<String, long[]> tensor : model.tensors().entrySet()) {
            long[] shape = tensor.getValue();
            String name = FolderNames.ofType(modelType).name(tensor.getKey()).orElseThrow();
            sample.tensor(name, "F32", model.values(shape), shape.length == 1 ? shape : new long[] {shape[1], shape[0]});
        }
        sample.write("model.safetensors");
        return folder;
    }
}
