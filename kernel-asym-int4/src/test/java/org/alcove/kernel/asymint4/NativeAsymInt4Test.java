package org.alcove.kernel.asymint4;

import static org.junit.jupiter.api.Assumptions.assumeFalse;

import java.util.function.Supplier;
import org.alcove.api.kernel.QuantizationKernel;
import org.alcove.kernel.integer.InterleavedFormat;
import org.alcove.kernel.integer.NativeKernel;
import org.alcove.testkit.kernel.Processor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Nested;

/** Every native tier that this machine and this build have. */
class NativeAsymInt4Test {

    @Nested
    class Avx2 extends Tier {

        Avx2() {
            super(Avx2AsymInt4::new, "avx2", "fma", "f16c");
        }
    }

    @Nested
    class AvxVnni extends Tier {

        AvxVnni() {
            super(AvxVnniAsymInt4::new, "avx_vnni");
        }
    }

    @Nested
    class Avx512Bw extends Tier {

        Avx512Bw() {
            super(Avx512BwAsymInt4::new, "avx512bw", "avx512vl", "avx512dq");
        }
    }

    @Nested
    class Avx512Vnni extends Tier {

        Avx512Vnni() {
            super(Avx512VnniAsymInt4::new, "avx512_vnni");
        }
    }

    @Nested
    class AmxInt8 extends Tier {

        AmxInt8() {
            super(AmxAsymInt4::new, "amx_tile", "amx_int8", "avx512_vnni");
        }
    }

    /** The same code with the tile unit in plain C, for machines without one; nothing is checked before. */
    @Nested
    class AmxInt8Emulated extends Tier {

        AmxInt8Emulated() {
            super(() -> new NativeKernel(new InterleavedFormat(new AsymInt4Format()), "amx-int8-emulated") { }, "avx512_vnni");
        }
    }

    private abstract static class Tier extends ReferenceAsymInt4Test {

        private final Supplier<NativeKernel> make;
        private final String[] flags;
        private NativeKernel kernel;

        Tier(Supplier<NativeKernel> make, String... flags) {
            this.make = make;
            this.flags = flags;
        }

        @Override
        protected QuantizationKernel kernel() {
            return kernel;
        }

        @BeforeEach
        void needsTheProcessorAndTheLibrary() {
            Processor.assumeHas(flags);
            kernel = make.get();
            assumeFalse(kernel.layouts().isEmpty(), "NOT TESTED: built without a C compiler, or bundles/kernel-base without its"
                    + " tests, or refused by the operating system; the log says which");
        }

        @AfterEach
        void unmap() {
            if (kernel != null) {
                kernel.close();
            }
        }
    }
}
