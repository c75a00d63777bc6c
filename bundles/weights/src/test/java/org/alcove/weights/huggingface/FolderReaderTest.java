package org.alcove.weights.huggingface;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.alcove.api.kernel.MatrixShape;
import org.alcove.api.kernel.PackedLayout;
import org.alcove.api.kernel.Plane;
import org.alcove.weights.ModelFile;
import org.alcove.weights.checkpoint.Checkpoint;
import org.alcove.weights.checkpoint.DescribedModel;
import org.alcove.weights.checkpoint.StoredTensor;
import org.alcove.weights.sample.FolderSample;
import org.alcove.weights.sample.GgufSample;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FolderReaderTest {

    @TempDir
    private Path folder;

    private ModelFile describe(String config) throws IOException {
        new FolderSample(folder).json("config.json", config);
        return new DescribedModel(FolderReader.read(folder));
    }

    private static String llama(String with) {
        return FolderSample.LLAMA.replace("'rope_theta': 500000.0", with);
    }

    @Test
    void aLlamaSpeaksGguf() throws IOException {
        new FolderSample(folder).llama().write("model.safetensors");
        Checkpoint checkpoint = FolderReader.read(folder);
        ModelFile model = new DescribedModel(checkpoint);
        assertEquals("llama", model.architecture());
        assertEquals(folder.getFileName().toString(), model.name());
        Map<String, Integer> integers = Map.ofEntries(Map.entry("vocab_size", 16), Map.entry("context_length", 128),
                Map.entry("embedding_length", 32), Map.entry("block_count", 2), Map.entry("feed_forward_length", 48),
                Map.entry("attention.head_count", 4), Map.entry("attention.head_count_kv", 2),
                Map.entry("rope.dimension_count", 8));
        integers.forEach((key, value) -> assertEquals(value, model.integer("llama." + key).orElseThrow(), key));
        assertEquals(500_000, model.number("llama.rope.freq_base").orElseThrow());
        assertEquals(1e-5, model.number("llama.attention.layer_norm_rms_epsilon").orElseThrow());
        assertEquals("halves", model.text(ModelFile.ROPE_PAIRING).orElseThrow());
        assertEquals(21, model.tensors().size());
        assertEquals(new ModelFile.Tensor("blk.1.ffn_down.weight", "BF16", "bf16", new MatrixShape(32, 48), 3072),
                model.tensors().get("blk.1.ffn_down.weight"));
        assertTrue(checkpoint.tensors().get("blk.0.attn_norm.weight").vector());
        assertTrue(model.tensors().keySet().containsAll(List.of("token_embd.weight", "output_norm.weight", "output.weight",
                "blk.0.attn_q.weight", "blk.0.attn_k.weight", "blk.0.attn_v.weight", "blk.0.attn_output.weight",
                "blk.0.ffn_norm.weight", "blk.0.ffn_gate.weight", "blk.0.ffn_up.weight")));
        assertTrue(checkpoint.refusal().isEmpty());
    }

    @Test
    void familiesHaveTheirParticulars() throws IOException {
        ModelFile qwen = describe(llama("'head_dim': 16, 'rope_theta': 1e6, 'use_sliding_window': false, 'sliding_window': 64")
                .replace("'llama'", "'qwen3'"));
        assertEquals("qwen3", qwen.architecture());
        assertEquals(16, qwen.integer("qwen3.attention.key_length").orElseThrow());
        assertEquals(16, qwen.integer("qwen3.rope.dimension_count").orElseThrow());
        assertTrue(qwen.integer("qwen3.attention.sliding_window").isEmpty());
        ModelFile mistral = describe(llama("'sliding_window': 64").replace("'llama'", "'mistral'"));
        assertEquals(64, mistral.integer("llama.attention.sliding_window").orElseThrow());
        assertEquals(10_000, mistral.number("llama.rope.freq_base").orElseThrow());
        ModelFile first = describe(llama("'model_max_length': 4096").replace("'llama'", "'baichuan'"));
        assertFalse(first.flag(ModelFile.NORMALIZED_HEAD).orElseThrow());
        ModelFile second = describe(llama("'z_loss_weight': 0").replace("'llama'", "'baichuan'"));
        assertTrue(second.flag(ModelFile.NORMALIZED_HEAD).orElseThrow());
        assertEquals("llama", describe(llama("'rope_theta': 5e6").replace("'llama'", "'Yi'")).architecture());
        ModelFile unknown = describe("{'model_type': 'gpt_neox'}");
        assertEquals("gpt_neox", unknown.architecture());
        assertEquals(Map.of(), unknown.tensors());
    }

    @Test
    void ropeScalingIsReadInBothSpellings() throws IOException {
        String scaling = "'rope_type': 'llama3', 'factor': 8.0, 'low_freq_factor': 1.0, 'high_freq_factor': 4.0,"
                + " 'original_max_position_embeddings': 64";
        for (String spelling : List.of("'rope_theta': 5e5, 'rope_scaling': {" + scaling + "}",
                "'rope_parameters': {'rope_theta': 5e5, " + scaling + "}")) {
            ModelFile model = describe(llama(spelling));
            assertEquals("llama3", model.text("llama.rope.scaling.type").orElseThrow());
            assertEquals(8, model.number("llama.rope.scaling.factor").orElseThrow());
            assertEquals(1, model.number("llama.rope.scaling.low_freq_factor").orElseThrow());
            assertEquals(4, model.number("llama.rope.scaling.high_freq_factor").orElseThrow());
            assertEquals(64, model.integer("llama.rope.scaling.original_context_length").orElseThrow());
            assertEquals(5e5, model.number("llama.rope.freq_base").orElseThrow());
        }
        ModelFile linear = describe(llama("'rope_scaling': {'type': 'linear', 'factor': 2}"));
        assertEquals("linear", linear.text("llama.rope.scaling.type").orElseThrow());
        ModelFile yarn = describe(llama("'rope_scaling': {'type': 'yarn', 'factor': 4, 'beta_fast': 32}"));
        assertEquals(128, yarn.integer("llama.rope.scaling.original_context_length").orElseThrow());
        assertEquals(32, yarn.number("llama.rope.scaling.yarn_beta_fast").orElseThrow());
        assertTrue(describe(llama("'rope_scaling': null")).text("llama.rope.scaling.type").isEmpty());
    }

    /** Folders say the whole, GGUF how often YaRN's own magnitude it is. */
    @Test
    void theAttentionFactorIsCountedInYarnsOwn() throws IOException {
        ModelFile more = describe(llama("'rope_scaling': {'type': 'yarn', 'factor': 4, 'attention_factor': 1.3}"));
        assertEquals(1.3 / (1 + 0.1 * Math.log(4)), more.number("llama.rope.scaling.attn_factor").orElseThrow(), 1e-12);
        ModelFile less = describe(llama("'rope_scaling': {'type': 'yarn', 'factor': 0.5, 'attention_factor': 1.3}"));
        assertEquals(1.3, less.number("llama.rope.scaling.attn_factor").orElseThrow());
        ModelFile own = describe(llama("'rope_scaling': {'type': 'yarn', 'factor': 4}"));
        assertTrue(own.number("llama.rope.scaling.attn_factor").isEmpty());
    }

    @Test
    void tokensAndTemplatesAreFound() throws IOException {
        FolderSample sample = new FolderSample(folder).json("config.json", FolderSample.LLAMA.replace("'eos_token_id': 2",
                "'eos_token_id': [2, 9]"));
        assertArrayEquals(new int[] {2, 9}, described().integers(ModelFile.END_TOKEN_IDS));
        sample.json("generation_config.json", "{'eos_token_id': [2, 7, 8], 'temperature': 0.6}");
        sample.json("tokenizer_config.json", "{'add_bos_token': true, 'chat_template':"
                + " [{'name': 'default', 'template': 'D'}, {'name': 'tool_use', 'template': 'T'}]}");
        sample.json("tokenizer.json", "{}");
        ModelFile model = described();
        assertArrayEquals(new int[] {2, 7, 8}, model.integers(ModelFile.END_TOKEN_IDS));
        assertEquals(1, model.integer("tokenizer.ggml.bos_token_id").orElseThrow());
        assertEquals(2, model.integer("tokenizer.ggml.eos_token_id").orElseThrow());
        assertTrue(model.flag("tokenizer.ggml.add_bos_token").orElseThrow());
        assertEquals("D", model.text("tokenizer.chat_template").orElseThrow());
        assertEquals("T", model.text("tokenizer.chat_template.tool_use").orElseThrow());
        assertEquals(folder.resolve("tokenizer.json"), model.companion("tokenizer.json").orElseThrow());
        assertTrue(model.companion("tokenizer.model").isEmpty());
        assertTrue(model.companion("../" + folder.getFileName() + "/tokenizer.json").isEmpty());
        sample.json("tokenizer_config.json", "{'chat_template': 'one'}");
        assertEquals("one", described().text("tokenizer.chat_template").orElseThrow());
        sample.json("chat_template.jinja", "file");
        assertEquals("file", described().text("tokenizer.chat_template").orElseThrow());
        Files.delete(folder.resolve("config.json"));
        assertEquals("file", described().text("tokenizer.chat_template").orElseThrow());
        assertEquals("", described().architecture());
    }

    @Test
    void whatTheModelRecommendsAboutSamplingIsFound() throws IOException {
        FolderSample sample = new FolderSample(folder).json("config.json", FolderSample.LLAMA);
        assertTrue(described().number("general.sampling.temp").isEmpty());
        sample.json("generation_config.json", "{'do_sample': true, 'temperature': 0.6, 'top_k': 20, 'top_p': 0.95, 'min_p': null,"
                + " 'repetition_penalty': 1.05}");
        ModelFile model = described();
        assertEquals(0.6, model.number("general.sampling.temp").orElseThrow());
        assertEquals(20, model.integer("general.sampling.top_k").orElseThrow());
        assertEquals(0.95, model.number("general.sampling.top_p").orElseThrow());
        assertTrue(model.number("general.sampling.min_p").isEmpty());
        assertEquals(1.05, model.number("general.sampling.penalty_repeat").orElseThrow());
        sample.json("generation_config.json", "{'do_sample': false, 'temperature': 0.6, 'top_p': 'much'}");
        assertEquals(0, described().number("general.sampling.temp").orElseThrow());
        assertTrue(described().number("general.sampling.top_p").isEmpty());
    }

    private ModelFile described() throws IOException {
        return new DescribedModel(FolderReader.read(folder));
    }

    @Test
    void shardsAreOneModelAndATiedHeadIsLeftOut() throws IOException {
        FolderSample sample = new FolderSample(folder);
        sample.json("config.json", FolderSample.LLAMA.replace("{'model_type'", "{'tie_word_embeddings': true, 'model_type'"));
        sample.ones("model.norm.weight", 32).ones("lm_head.weight", 16, 32).write("model-00001-of-00002.safetensors");
        sample.ones("model.layers.0.self_attn.rotary_emb.inv_freq", 4).ones("model.embed_tokens.weight", 16, 32)
                .write("model-00002-of-00002.safetensors");
        sample.json("model.safetensors.index.json", "{'metadata': {'total_size': 5}, 'weight_map': {"
                + "'model.norm.weight': 'model-00001-of-00002.safetensors', 'lm_head.weight':"
                + " 'model-00001-of-00002.safetensors', 'model.embed_tokens.weight': 'model-00002-of-00002.safetensors'}}");
        Checkpoint checkpoint = FolderReader.read(folder);
        assertEquals(List.of("output_norm.weight", "token_embd.weight"), List.copyOf(checkpoint.tensors().keySet()));
        assertEquals(2, checkpoint.files().size());
        assertEquals(1, checkpoint.tensors().get("token_embd.weight").sections().getFirst().file());
    }

    @Test
    void packQuantizedMatricesKeepTheirPlanes() throws IOException {
        String scheme = "'quantization_config': {'quant_method': 'compressed-tensors', 'format': 'pack-quantized',"
                + " 'config_groups': {'group_0': {'targets': ['Linear'], 'weights': {'num_bits': 4, 'type': 'int',"
                + " 'strategy': '%s', 'group_size': %s, 'symmetric': %s}, 'input_activations': null}}, 'ignore': ['lm_head']}";
        FolderSample sample = new FolderSample(folder).json("config.json", llama(scheme.formatted("group", "32", "false")));
        packed(sample, 48, 33, new long[] {48, 2}, new long[] {6, 2}).write("model.safetensors");
        StoredTensor grouped = FolderReader.read(folder).tensors().get("blk.1.ffn_up.weight");
        PackedLayout asymmetric = PackedLayout.of("asym_int4", "pack_quantized_bf16", 32, List.of(
                new Plane("weight_packed", 1, 8, 4), new Plane("weight_scale", 1, 32, 2),
                new Plane("weight_zero_point", 8, 32, 4)));
        assertEquals(asymmetric, grouped.layout().orElseThrow());
        assertEquals(new MatrixShape(48, 33), grouped.shape());
        assertEquals(asymmetric.bytes(grouped.shape()), grouped.bytes());
        sample.json("config.json", llama(scheme.formatted("channel", "null", "true")));
        packed(sample, 48, 32, new long[] {48, 1}, null).write("model.safetensors");
        StoredTensor channel = FolderReader.read(folder).tensors().get("blk.1.ffn_up.weight");
        assertEquals(PackedLayout.of("sym_int4", "pack_quantized_bf16", PackedLayout.CHANNEL, List.of(
                new Plane("weight_packed", 1, 8, 4), new Plane("weight_scale", 1, Plane.ROW, 2))),
                channel.layout().orElseThrow());
    }

    private static FolderSample packed(FolderSample sample, int rows, int columns, long[] scales, long[] zeros) {
        int words = Math.ceilDiv(columns, 8);
        String name = "model.layers.1.mlp.up_proj.";
        sample.tensor(name + "weight_packed", "I32", new byte[4 * rows * words], rows, words).ones(name + "weight_scale", scales);
        if (zeros != null) {
            sample.tensor(name + "weight_zero_point", "I32", new byte[(int) (4 * zeros[0] * zeros[1])], zeros);
        }
        return sample.tensor(name + "weight_shape", "I64", new GgufSample.Bytes().int64(rows).int64(columns).array(), 2);
    }
}
