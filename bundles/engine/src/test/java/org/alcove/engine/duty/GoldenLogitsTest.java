package org.alcove.engine.duty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.util.HexFormat;
import org.alcove.api.kernel.QuantizationKernel;
import org.alcove.engine.forward.LogitsTap;
import org.alcove.engine.memory.MemoryWeights;
import org.alcove.engine.numeric.Arithmetic;
import org.alcove.engine.numeric.Arithmetics;
import org.alcove.engine.numeric.Tiers;
import org.alcove.kernel.asymint4.Avx2AsymInt4;
import org.alcove.kernel.asymint4.ReferenceAsymInt4;
import org.alcove.kernel.asymint4.VectorAsymInt4;
import org.alcove.kernel.base.Avx2Dense;
import org.alcove.kernel.base.ReferenceDense;
import org.alcove.kernel.base.VectorDense;
import org.alcove.kernel.symint4.Avx2SymInt4;
import org.alcove.kernel.symint4.ReferenceSymInt4;
import org.alcove.kernel.symint4.VectorSymInt4;
import org.alcove.weights.Weights;
import org.junit.jupiter.api.Test;

/**
 * The bits of a real model's logits, for every implementation, number of threads and length of chunks. The hashes change with
 * the version of {@code docs/numerics.md} only; a failing test tells the new one.
 */
class GoldenLogitsTest {

    private static final Arithmetics PLAINLY = Arithmetics.of(Arithmetic.plain());
    private static final String F32 = "3a87247b4e8a34f4";
    private static final String SYM_INT4 = "8ed3adb6d4d3bd9d";
    private static final String ASYM_INT4 = "2e77f4a4d6f9582a";

    @Test
    void theFirstLogitsAreTheGoldenOnes() throws IOException {
        try (LogitsTap tap = new LogitsTap(Stories.open(new ReferenceDense()), PLAINLY, 1)) {
            float[] logits = tap.logits(new int[] {1}, 1)[0];
            double[] golden = Stories.firstLogits();
            for (int i = 0; i < golden.length; i++) {
                assertEquals(golden[i], logits[i], 1e-4);
            }
            double sum = 0;
            for (float logit : logits) {
                sum += logit;
            }
            assertEquals(Stories.firstLogitSum(), sum, 1e-2);
        }
    }

    @Test
    void everyImplementationGivesTheSameBitsOfAFloatModel() throws Exception {
        assertEquals(F32, hash(Stories.open(new ReferenceDense()), PLAINLY, 1, 200));
        assertEquals(F32, hash(Stories.open(new VectorDense()), Tiers.best(), 3, 1));
        assertEquals(F32, hash(Stories.open(new VectorDense()), Tiers.best(), 2, 37));
        assertEquals(F32, hash(Stories.open(new VectorDense()), Tiers.without("cpu.avx512f"), 2, 150));
        assertEquals(F32, hash(Stories.open(new VectorDense()), Tiers.without("cpu.fma"), 2, 70));
    }

    @Test
    void everyImplementationGivesTheSameBitsOfAQuantizedModel() throws Exception {
        QuantizationKernel dense = new VectorDense();
        assertEquals(SYM_INT4, hash(packed(new ReferenceSymInt4(), new ReferenceDense()), PLAINLY, 1, 200));
        assertEquals(SYM_INT4, hash(packed(new VectorSymInt4(), dense), Tiers.best(), 2, 1));
        assertEquals(SYM_INT4, hash(packed(new VectorSymInt4(), dense), Tiers.best(), 3, 64));
        assertEquals(ASYM_INT4, hash(packed(new ReferenceAsymInt4(), new ReferenceDense()), PLAINLY, 1, 200));
        assertEquals(ASYM_INT4, hash(packed(new VectorAsymInt4(), dense), Tiers.best(), 2, 33));
    }

    @Test
    void nativeKernelsGiveTheSameBits() throws Exception {
        assumeTrue(Tiers.fast().size() > 1, "NOT TESTED: no C compiler at the build, or a processor without AVX2");
        try (Avx2Dense dense = new Avx2Dense(); Avx2SymInt4 symmetric = new Avx2SymInt4();
                Avx2AsymInt4 asymmetric = new Avx2AsymInt4()) {
            assertEquals(F32, hash(Stories.open(dense), Tiers.best(), 2, 37));
            assertEquals(SYM_INT4, hash(packed(symmetric, dense), Tiers.best(), 2, 1));
            assertEquals(SYM_INT4, hash(packed(symmetric, dense), Tiers.best(), 2, 64));
            assertEquals(ASYM_INT4, hash(packed(asymmetric, dense), Tiers.best(), 3, 33));
        }
    }

    private static Weights packed(QuantizationKernel... kernels) {
        return MemoryWeights.packed(Stories.open(new ReferenceDense()), kernels);
    }

    private static String hash(Weights weights, Arithmetics arithmetics, int threads, int chunk) throws Exception {
        MessageDigest digest = MessageDigest.getInstance("SHA-256");
        try (LogitsTap tap = new LogitsTap(weights, arithmetics, threads)) {
            for (float[] row : tap.logits(Stories.corpus().get(4), chunk)) {
                ByteBuffer bytes = ByteBuffer.allocate(4 * row.length);
                bytes.asFloatBuffer().put(row);
                digest.update(bytes);
            }
        }
        return HexFormat.of().formatHex(digest.digest(), 0, 8);
    }
}
