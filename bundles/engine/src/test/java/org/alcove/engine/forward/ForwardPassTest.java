package org.alcove.engine.forward;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.util.Random;
import org.alcove.engine.forward.DoubleModel.Angles;
import org.alcove.engine.memory.MemoryModel;
import org.alcove.engine.memory.MemoryWeights;
import org.alcove.engine.numeric.Arithmetic;
import org.alcove.engine.numeric.Arithmetics;
import org.alcove.engine.numeric.Tiers;
import org.alcove.kernel.base.ReferenceDense;
import org.junit.jupiter.api.Test;

/** The forward pass of random models of every family against a naive one in float64. */
class ForwardPassTest {

    private static final Arithmetics PLAINLY = Arithmetics.of(Arithmetic.plain());
    private static final int[] TOKENS = new Random(3).ints(150, 0, TinyModels.VOCABULARY).toArray();
    private static final Angles PLAIN = (position, pair) -> position * frequency(pair);

    private static double frequency(int pair) {
        return Math.pow(10_000, -2.0 * pair / TinyModels.SIZE);
    }

    private static void compare(MemoryModel model, Angles angles) throws IOException {
        double[][] expected = new DoubleModel(model, TinyModels.SIZE, angles).logits(TOKENS);
        float[][] plain;
        try (LogitsTap tap = new LogitsTap(new MemoryWeights(model, new ReferenceDense()), PLAINLY, 1)) {
            plain = tap.logits(TOKENS, TOKENS.length);
        }
        for (int t = 0; t < TOKENS.length; t++) {
            for (int i = 0; i < TinyModels.VOCABULARY; i++) {
                assertEquals(expected[t][i], plain[t][i], 1e-4, "token " + t + ", logit " + i);
            }
        }
        try (LogitsTap tap = new LogitsTap(new MemoryWeights(model, new ReferenceDense()), Tiers.best(), 2)) {
            assertArrayEquals(plain, tap.logits(TOKENS, 7), "vectors and chunks");
        }
    }

    /** The reader of the first logits has the features changed, and whoever asks then opens another library. */
    @Test
    void aStepEndsOnTheTierThatItBeganWith() throws IOException {
        for (boolean closed : new boolean[] {false, true}) {
            Arithmetics arithmetics = Tiers.best();
            try (LogitsTap tap = new LogitsTap(new MemoryWeights(TinyModels.of("llama"), new ReferenceDense()), arithmetics, 2)) {
                float[][] expected = tap.logits(TOKENS, TOKENS.length);
                float[][] found = tap.logits(TOKENS, TOKENS.length, () -> {
                    arithmetics.remove("cpu.avx512f");
                    arithmetics.current();
                    if (closed) {
                        arithmetics.close();
                    }
                });
                assertArrayEquals(expected, found);
                assertArrayEquals(expected, tap.logits(TOKENS, 40), "the next steps");
            } finally {
                arithmetics.close();
            }
        }
    }

    @Test
    void llamaRotatesAdjacentColumns() throws IOException {
        compare(TinyModels.of("llama"), PLAIN);
    }

    @Test
    void llamaFoldersRotateHalves() throws IOException {
        compare(TinyModels.of("llama").key(MemoryModel.ROPE_PAIRING, "halves"), PLAIN);
    }

    @Test
    void llama31ScalesFrequenciesByKeys() throws IOException {
        compare(TinyModels.of("llama").key(".rope.scaling.type", "llama3").key(".rope.scaling.factor", 8.0)
                .key(".rope.scaling.low_freq_factor", 1.0).key(".rope.scaling.high_freq_factor", 4.0)
                .key(".rope.scaling.original_context_length", 64), (position, pair) -> position * llama3(frequency(pair)));
    }

    /** As its authors wrote it, by wavelengths. */
    private static double llama3(double frequency) {
        double wavelength = 2 * Math.PI / frequency;
        if (wavelength < 64 / 4.0) {
            return frequency;
        }
        if (wavelength > 64 / 1.0) {
            return frequency / 8;
        }
        double smooth = (64 / wavelength - 1) / (4 - 1);
        return (1 - smooth) * frequency / 8 + smooth * frequency;
    }

    @Test
    void llama31ScalesFrequenciesByFactorsInTheFile() throws IOException {
        MemoryModel model = TinyModels.of("llama").vector("rope_freqs.weight", TinyModels.SIZE / 2, 4);
        float[] factors = model.floats("rope_freqs.weight");
        compare(model, (position, pair) -> position * frequency(pair) / factors[pair]);
    }

    @Test
    void linearScalingStretchesPositions() throws IOException {
        compare(TinyModels.of("llama").key(".rope.scaling.type", "linear").key(".rope.scaling.factor", 4.0),
                (position, pair) -> position / 4.0 * frequency(pair));
    }

    @Test
    void aFactorWithoutATypeIsLinear() throws IOException {
        compare(TinyModels.of("llama").key(".rope.scaling.factor", 4.0), (position, pair) -> position / 4.0 * frequency(pair));
        compare(TinyModels.of("llama").key(".rope.scale_linear", 4.0), (position, pair) -> position / 4.0 * frequency(pair));
        compare(TinyModels.of("llama").key(".rope.scaling.type", "none").key(".rope.scaling.factor", 4.0), PLAIN);
    }

    @Test
    void aLinearFactorOfZeroIsNone() throws IOException {
        compare(TinyModels.of("llama").key(".rope.scaling.type", "linear").key(".rope.scaling.factor", 0.0), PLAIN);
    }

    @Test
    void keysScaleWhatFactorsInTheFileDivided() throws IOException {
        MemoryModel model = TinyModels.of("llama").vector("rope_freqs.weight", TinyModels.SIZE / 2, 4);
        float[] factors = model.floats("rope_freqs.weight");
        compare(model.key(".rope.scaling.factor", 4.0).key(".rope.scaling.attn_factor", 1.3),
                new Larger((position, pair) -> position / 4.0 * frequency(pair) / factors[pair], 1.3));
    }

    /** With 10 columns, base 10000 and 64 positions the ramp goes from pair 0, which is kept, to pair 2, which is stretched. */
    @Test
    void yarnStretchesThePairsThatTurnSeldom() throws IOException {
        double[] shares = {1, 0.5 + 0.5 / 4, 0.25, 0.25, 0.25};
        MemoryModel model = TinyModels.of("llama").key(".rope.scaling.type", "yarn").key(".rope.scaling.factor", 4.0)
                .key(".rope.scaling.original_context_length", 64);
        Angles stretched = (position, pair) -> position * frequency(pair) * shares[pair];
        compare(model, new Larger(stretched, 1 + 0.1 * Math.log(4)));
        compare(model.key(".rope.scaling.attn_factor", 1.3), new Larger(stretched, 1.3 * (1 + 0.1 * Math.log(4))));
    }

    @Test
    void anAttentionFactorHoldsWithoutYarnToo() throws IOException {
        compare(TinyModels.of("llama").key(".rope.scaling.attn_factor", 1.3), new Larger(PLAIN, 1.3));
        compare(TinyModels.of("llama").key(".rope.scaling.type", "none").key(".rope.scaling.attn_factor", 1.3),
                new Larger(PLAIN, 1.3));
        compare(TinyModels.of("llama").key(".rope.scaling.type", "linear").key(".rope.scaling.factor", 4.0)
                .key(".rope.scaling.attn_factor", 1.3), new Larger((position, pair) -> position / 4.0 * frequency(pair), 1.3));
    }

    /** Angles with longer cosines and sines. */
    private record Larger(Angles angles, double magnitude) implements Angles {
        @Override
        public double angle(int position, int pair) {
            return angles.angle(position, pair);
        }
    }

    @Test
    void aSlidingWindowHidesWhatIsFurtherBack() throws IOException {
        compare(TinyModels.of("llama").key(".attention.sliding_window", 70), PLAIN);
        compare(TinyModels.of("llama").key(".attention.sliding_window", 3), PLAIN);
    }

    @Test
    void qwen2AddsBiases() throws IOException {
        compare(TinyModels.qwen2(), PLAIN);
    }

    @Test
    void qwen3NormalizesHeadsAndSharesItsEmbedding() throws IOException {
        compare(TinyModels.qwen3(), PLAIN);
    }

    @Test
    void baichuanIsFusedAndItsHeadNormalized() throws IOException {
        compare(TinyModels.baichuan(), PLAIN);
    }
}
