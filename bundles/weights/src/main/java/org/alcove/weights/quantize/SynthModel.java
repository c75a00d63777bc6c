package org.alcove.weights.quantize;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.alcove.api.kernel.FloatMatrix;
import org.alcove.api.kernel.MatrixShape;
import org.alcove.api.kernel.PackedLayout;
import org.alcove.api.kernel.RowRange;
import org.alcove.weights.checkpoint.Layouts;
import org.alcove.weights.gguf.GgufKey;

/**
 * A Llama of a known shape with random weights, scaled so that activations stay about 1 through all layers. The vocabulary is
 * usable: every text has ids, and every id a text.
 */
final class SynthModel {

    private static final float NORM_EPSILON = 1e-5f;
    /** Token types of GGUF: normal, unknown, control, byte. */
    private static final int NORMAL = 1;
    private static final int UNKNOWN = 2;
    private static final int CONTROL = 3;
    private static final int BYTE = 6;
    private static final String SPACE = "\u2581";

    private final SynthShape shape;
    private final PackedLayout layout;
    private final long seed;
    private final List<TensorPlan> plans = new ArrayList<>();

    /** @param layout of all matrices; vectors are float32 */
    SynthModel(SynthShape shape, PackedLayout layout, long seed) {
        this.shape = shape;
        this.layout = layout;
        this.seed = seed;
    }

    /** Its tensors, in the order of the file. */
    List<TensorPlan> tensors() {
        plans.clear();
        matrix("token_embd.weight", shape.vocabulary(), shape.width(), 1);
        ones("output_norm.weight");
        matrix("output.weight", shape.vocabulary(), shape.width(), scale(shape.width()));
        // Two sums a layer are added to the stream; this keeps their sum over all layers about as large as one of them.
        float share = (float) (1 / Math.sqrt(2.0 * shape.layers()));
        for (int i = 0; i < shape.layers(); i++) {
            String block = "blk." + i + ".";
            ones(block + "attn_norm.weight");
            matrix(block + "attn_q.weight", shape.width(), shape.width(), scale(shape.width()));
            matrix(block + "attn_k.weight", shape.keyWidth(), shape.width(), scale(shape.width()));
            matrix(block + "attn_v.weight", shape.keyWidth(), shape.width(), scale(shape.width()));
            matrix(block + "attn_output.weight", shape.width(), shape.width(), share * scale(shape.width()));
            ones(block + "ffn_norm.weight");
            matrix(block + "ffn_gate.weight", shape.feedForward(), shape.width(), scale(shape.width()));
            matrix(block + "ffn_up.weight", shape.feedForward(), shape.width(), scale(shape.width()));
            matrix(block + "ffn_down.weight", shape.width(), shape.feedForward(), share * scale(shape.feedForward()));
        }
        return List.copyOf(plans);
    }

    private static float scale(int columns) {
        return (float) (1 / Math.sqrt(columns));
    }

    private void matrix(String name, int rows, int columns, float deviation) {
        FloatMatrix values = new RandomMatrix(new MatrixShape(rows, columns), seed + plans.size(), deviation);
        plans.add(new TensorPlan(name, values, false, layout, values.shape().size() * Float.BYTES, ""));
    }

    private void ones(String name) {
        float[] ones = new float[shape.width()];
        Arrays.fill(ones, 1);
        plans.add(new TensorPlan(name, new HeldVector(ones), true, Layouts.F32, (long) ones.length * Float.BYTES, "vector"));
    }

    /** What the file says about it. */
    List<GgufKey> keys(int fileType) {
        List<GgufKey> keys = new ArrayList<>(List.of(GgufKey.text("general.architecture", "llama"),
                GgufKey.text("general.name", "random " + shape.word()), GgufKey.uint32("general.file_type", fileType),
                GgufKey.uint32("general.quantization_version", 2), GgufKey.uint32("llama.context_length", shape.context()),
                GgufKey.uint32("llama.embedding_length", shape.width()), GgufKey.uint32("llama.block_count", shape.layers()),
                GgufKey.uint32("llama.feed_forward_length", shape.feedForward()),
                GgufKey.uint32("llama.attention.head_count", shape.heads()),
                GgufKey.uint32("llama.attention.head_count_kv", shape.keyHeads()),
                GgufKey.uint32("llama.rope.dimension_count", shape.width() / shape.heads()),
                GgufKey.uint32("llama.vocab_size", shape.vocabulary()),
                GgufKey.float32("llama.attention.layer_norm_rms_epsilon", NORM_EPSILON),
                GgufKey.float32("llama.rope.freq_base", shape.ropeBase())));
        List<String> tokens = tokens();
        int[] types = new int[tokens.size()];
        float[] scores = new float[tokens.size()];
        for (int id = 0; id < types.length; id++) {
            types[id] = id == 0 ? UNKNOWN : id < 3 ? CONTROL : id < 3 + 256 ? BYTE : NORMAL;
            scores[id] = types[id] == NORMAL ? -id : 0;
        }
        keys.addAll(List.of(GgufKey.text("tokenizer.ggml.model", "llama"), GgufKey.texts("tokenizer.ggml.tokens", tokens),
                GgufKey.int32s("tokenizer.ggml.token_type", types), GgufKey.float32s("tokenizer.ggml.scores", scores),
                GgufKey.uint32("tokenizer.ggml.unknown_token_id", 0), GgufKey.uint32("tokenizer.ggml.bos_token_id", 1),
                GgufKey.uint32("tokenizer.ggml.eos_token_id", 2)));
        return keys;
    }

    /** Control tokens, bytes, then pieces of one, two, three letters … until there are enough, all reachable by merges. */
    private List<String> tokens() {
        List<String> tokens = new ArrayList<>(List.of("<unk>", "<s>", "</s>"));
        for (int value = 0; value < 256; value++) {
            tokens.add(String.format("<0x%02X>", value));
        }
        List<String> pieces = new ArrayList<>(List.of(SPACE));
        for (char letter = 'a'; letter <= 'z'; letter++) {
            pieces.add(String.valueOf(letter));
        }
        List<String> letters = pieces.subList(1, pieces.size()).stream().toList();
        for (int from = 0; tokens.size() + pieces.size() < shape.vocabulary(); from++) {
            for (String letter : letters) {
                pieces.add(pieces.get(from) + letter);
            }
        }
        tokens.addAll(pieces.subList(0, shape.vocabulary() - tokens.size()));
        return tokens;
    }

    /**
     * Weights that are a function of seed and place: the sum of four uniform numbers, which is near enough to a bell curve.
     *
     * @param deviation standard deviation
     */
    private record RandomMatrix(MatrixShape shape, long seed, float deviation) implements FloatMatrix {

        private static final long GOLDEN = 0x9E3779B97F4A7C15L;
        /** Standard deviation of the sum of four independent uniform numbers of 16 bits. */
        private static final double SPREAD = 65_536 * Math.sqrt(4 / 12.0);

        @Override
        public void read(RowRange rows, MemorySegment target) {
            float factor = (float) (deviation / SPREAD);
            long start = seed * GOLDEN + rows.first() * (long) shape.columns();
            long count = (long) rows.size() * shape.columns();
            for (long i = 0; i < count; i++) {
                long mixed = mix((start + i) * GOLDEN);
                int sum = (int) (mixed & 0xffff) + (int) (mixed >>> 16 & 0xffff) + (int) (mixed >>> 32 & 0xffff)
                        + (int) (mixed >>> 48);
                target.setAtIndex(ValueLayout.JAVA_FLOAT_UNALIGNED, i, (sum - 2 * 65_535) * factor);
            }
        }

        /** The finalizer of SplitMix64 (Steele, Lea and Flood 2014). */
        private static long mix(long value) {
            long z = (value ^ value >>> 30) * 0xBF58476D1CE4E5B9L;
            z = (z ^ z >>> 27) * 0x94D049BB133111EBL;
            return z ^ z >>> 31;
        }
    }
}
