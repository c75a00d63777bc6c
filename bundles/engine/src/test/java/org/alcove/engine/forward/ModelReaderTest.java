package org.alcove.engine.forward;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.foreign.Arena;
import java.util.List;
import org.alcove.api.kernel.MatrixShape;
import org.alcove.engine.memory.MemoryModel;
import org.alcove.engine.memory.MemoryWeights;
import org.alcove.kernel.base.ReferenceDense;
import org.alcove.weights.ModelFormatException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ModelReaderTest {

    private static void refused(MemoryModel model, String... words) {
        try (Arena arena = Arena.ofShared(); MemoryWeights weights = new MemoryWeights(model, new ReferenceDense())) {
            ModelFormatException refusal = assertThrows(ModelFormatException.class, () -> Model.of(weights, arena));
            for (String word : words) {
                assertTrue(refusal.getMessage().contains(word), refusal.getMessage());
            }
        }
    }

    @Test
    void anUnknownArchitectureNamesTheKnownOnes() {
        refused(TinyModels.of("gpt2"), "gpt2", "llama, qwen2, qwen3, baichuan");
    }

    @Test
    void aMissingTensorIsNamed() {
        refused(TinyModels.of("llama").remove("blk.1.ffn_up.weight"), "blk.1.ffn_up.weight");
    }

    @Test
    void aMissingBiasIsNamed() {
        refused(TinyModels.qwen2().remove("blk.1.attn_k.bias"), "blk.1.attn_k.bias");
    }

    @Test
    void aMisshapenTensorTellsBothShapes() {
        refused(TinyModels.of("llama").matrix("blk.0.ffn_up.weight", 41, 24), "blk.0.ffn_up.weight", "41 x 24", "40 x 24");
    }

    @Test
    void aTensorThatNobodyUsesIsRefused() {
        refused(TinyModels.of("llama").matrix("blk.0.ffn_gate_exps.weight", 40, 24), "blk.0.ffn_gate_exps.weight");
    }

    @Test
    void keysAreChecked() {
        refused(TinyModels.of("llama").key(".attention.head_count_kv", 3), "head_count_kv", "3", "4");
        refused(TinyModels.of("llama").key(".attention.head_count_kv", 0), "head_count_kv", "0");
        refused(TinyModels.of("llama").key(".attention.head_count", 1 << 30).key(".attention.head_count_kv", 1 << 30),
                "head_count");
        refused(TinyModels.of("llama").key(".block_count", Integer.MAX_VALUE), "blk.2.");
        refused(TinyModels.of("llama").key(".context_length", null), "context_length");
        refused(TinyModels.of("llama").key(".rope.dimension_count", 12), "rope.dimension_count", "12", "10");
        refused(TinyModels.of("llama").key(".rope.scaling.type", "longrope"), "longrope", "yarn");
        refused(TinyModels.of("llama").key(MemoryModel.ROPE_PAIRING, null), "pairing");
        refused(TinyModels.of("llama").key(".attention.layer_norm_rms_epsilon", Double.NaN), "epsilon");
    }

    @ParameterizedTest
    @ValueSource(strings = {"rope.freq_base", "rope.dimension_count", "rope.scaling.factor", "rope.scale_linear",
        "attention.sliding_window", "attention.key_length", "attention.value_length", "attention.head_count_kv"})
    void aKeyOfAnotherKindIsRefusedAndNotTakenForAbsent(String key) {
        for (Object value : List.of(true, new float[] {2}, "2")) {
            refused(TinyModels.of("llama").key("." + key, value), "key llama." + key + ": it is no ");
        }
    }

    @Test
    void aScalingThatIsNoTextIsRefusedAndNotTakenForNone() {
        for (Object value : List.of(2, false, new float[] {2})) {
            refused(TinyModels.of("llama").key(".rope.scaling.type", value), "key llama.rope.scaling.type: it is no text");
        }
    }

    @Test
    void theLargerBaichuanIsRefusedForItsPositions() {
        refused(TinyModels.baichuan().key(".block_count", 40), "ALiBi", "40");
    }

    @Test
    void aRopeFactorOfZeroIsRefused() {
        float[] factors = new float[TinyModels.SIZE / 2];
        refused(TinyModels.of("llama").add("rope_freqs.weight",
                new MemoryModel.Values(new MatrixShape(1, factors.length), true, factors)), "rope_freqs");
    }
}
