package org.alcove.kernel.base;

import static org.junit.jupiter.api.Assumptions.assumeFalse;

import org.alcove.api.kernel.QuantizationKernel;
import org.alcove.kernel.integer.NativeKernel;
import org.alcove.testkit.kernel.Processor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;

/** Every native tier that this machine and this build have. */
class NativeBlocksTest {

    @Nested
    class Avx2 extends Tier {

        Avx2() {
            super(new Avx2Blocks(), "avx2", "fma", "f16c");
        }
    }

    @Nested
    class AvxVnni extends Tier {

        AvxVnni() {
            super(new AvxVnniBlocks(), "avx_vnni");
        }
    }

    @Nested
    class Avx512Bw extends Tier {

        Avx512Bw() {
            super(new Avx512BwBlocks(), "avx512bw", "avx512vl", "avx512dq");
        }
    }

    @Nested
    class Avx512Vnni extends Tier {

        Avx512Vnni() {
            super(new Avx512VnniBlocks(), "avx512_vnni");
        }
    }

    private abstract static class Tier extends BlocksContract {

        private final NativeKernel kernel;
        private final String[] flags;

        Tier(NativeKernel kernel, String... flags) {
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
