package org.alcove.weights.sample;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.LongStream;

/** Writes Hugging Face folders for tests, right and wrong ones. JSON is written with apostrophes for quotes. */
public final class FolderSample {

    /** A configuration of a small Llama. */
    public static final String LLAMA = """
            {'model_type': 'llama', 'vocab_size': 16, 'hidden_size': 32, 'intermediate_size': 48, 'num_hidden_layers': 2,
             'num_attention_heads': 4, 'num_key_value_heads': 2, 'max_position_embeddings': 128, 'rms_norm_eps': 1e-5,
             'rope_theta': 500000.0, 'bos_token_id': 1, 'eos_token_id': 2, 'hidden_act': 'silu'}""";

    private final Path folder;
    private final List<String> header = new ArrayList<>();
    private final GgufSample.Bytes data = new GgufSample.Bytes();

    public FolderSample(Path folder) {
        this.folder = folder;
    }

    public Path folder() {
        return folder;
    }

    /** A file with apostrophes turned into quotes. */
    public FolderSample json(String file, String text) throws IOException {
        Files.writeString(folder.resolve(file), text.replace('\'', '"'));
        return this;
    }

    /** A tensor with its data behind those before it. */
    public FolderSample tensor(String name, String type, byte[] bytes, long... shape) {
        String sizes = LongStream.of(shape).mapToObj(Long::toString).collect(Collectors.joining(","));
        int begin = data.size();
        data.bytes(bytes);
        header.add("\"%s\":{\"dtype\":\"%s\",\"shape\":[%s],\"data_offsets\":[%d,%d]}"
                .formatted(name, type, sizes, begin, data.size()));
        return this;
    }

    /** A tensor of two-byte values that are all 1 in BF16. */
    public FolderSample ones(String name, long... shape) {
        GgufSample.Bytes bytes = new GgufSample.Bytes();
        for (long i = LongStream.of(shape).reduce(1, (a, b) -> a * b); i > 0; i--) {
            bytes.int16(0x3f80);
        }
        return tensor(name, "BF16", bytes.array(), shape);
    }

    /** A whole small Llama, all ones. */
    public FolderSample llama() throws IOException {
        json("config.json", LLAMA);
        ones("model.embed_tokens.weight", 16, 32);
        for (int layer = 0; layer < 2; layer++) {
            String prefix = "model.layers." + layer + ".";
            ones(prefix + "input_layernorm.weight", 32).ones(prefix + "post_attention_layernorm.weight", 32);
            ones(prefix + "self_attn.q_proj.weight", 32, 32).ones(prefix + "self_attn.k_proj.weight", 16, 32);
            ones(prefix + "self_attn.v_proj.weight", 16, 32).ones(prefix + "self_attn.o_proj.weight", 32, 32);
            ones(prefix + "mlp.gate_proj.weight", 48, 32).ones(prefix + "mlp.up_proj.weight", 48, 32);
            ones(prefix + "mlp.down_proj.weight", 32, 48);
        }
        return ones("model.norm.weight", 32).ones("lm_head.weight", 16, 32);
    }

    /** Bytes of a safetensors file of the tensors so far, which it forgets. */
    public byte[] drain() {
        byte[] file = safetensors("{\"__metadata__\":{\"format\":\"pt\"}" + header.stream().map(entry -> "," + entry)
                .collect(Collectors.joining()) + "}", data.array());
        header.clear();
        data.clear();
        return file;
    }

    /** Writes the tensors so far to a file. */
    public FolderSample write(String file) throws IOException {
        Files.write(folder.resolve(file), drain());
        return this;
    }

    /** A file of any header and any data. */
    public static byte[] safetensors(String header, byte[] data) {
        byte[] text = header.getBytes(StandardCharsets.UTF_8);
        return new GgufSample.Bytes().int64(text.length).bytes(text).bytes(data).array();
    }
}
