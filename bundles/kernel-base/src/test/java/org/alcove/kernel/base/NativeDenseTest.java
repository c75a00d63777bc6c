package org.alcove.kernel.base;

import static org.junit.jupiter.api.Assumptions.assumeFalse;

import org.alcove.api.kernel.QuantizationKernel;
import org.alcove.testkit.kernel.Processor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;

/** Every native tier that this machine and this build have. */
class NativeDenseTest {

    @Nested
    class Avx2 extends Tier {

        Avx2() {
            super(new Avx2Dense(), "avx2", "fma", "f16c");
        }
    }

    @Nested
    class Avx512 extends Tier {

        Avx512() {
            super(new Avx512Dense(), "avx512bw", "avx512vl", "avx512dq");
        }
    }

    private abstract static class Tier extends DenseContract {

        private final NativeDense kernel;
        private final String[] flags;

        Tier(NativeDense kernel, String... flags) {
            this.kernel = kernel;
            this.flags = flags;
        }

        @Override
        protected QuantizationKernel kernel() {
            return kernel;
        }

        @BeforeEach
        void needsTheProcessorAndTheLibrary() {
            Processor.assumeHas(flags);
            assumeFalse(kernel.layouts().isEmpty(), "NOT TESTED: built without a C compiler");
        }

        @AfterEach
        void unmap() {
            kernel.close();
        }
    }
}
