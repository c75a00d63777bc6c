package org.alcove.benchmarks;

import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.alcove.api.kernel.PackedLayout;
import org.alcove.api.kernel.QuantizationKernel;
import org.alcove.kernel.asymint4.AmxAsymInt4;
import org.alcove.kernel.asymint4.Avx2AsymInt4;
import org.alcove.kernel.asymint4.Avx512BwAsymInt4;
import org.alcove.kernel.asymint4.Avx512VnniAsymInt4;
import org.alcove.kernel.asymint4.AvxVnniAsymInt4;
import org.alcove.kernel.asymint4.ReferenceAsymInt4;
import org.alcove.kernel.asymint4.VectorAsymInt4;
import org.alcove.kernel.base.AmxBlocks;
import org.alcove.kernel.base.Avx2Blocks;
import org.alcove.kernel.base.Avx2Dense;
import org.alcove.kernel.base.Avx512BwBlocks;
import org.alcove.kernel.base.Avx512Dense;
import org.alcove.kernel.base.Avx512VnniBlocks;
import org.alcove.kernel.base.AvxVnniBlocks;
import org.alcove.kernel.base.ReferenceBlocks;
import org.alcove.kernel.base.ReferenceDense;
import org.alcove.kernel.base.VectorBlocks;
import org.alcove.kernel.base.VectorDense;
import org.alcove.kernel.symint4.AmxSymInt4;
import org.alcove.kernel.symint4.Avx2SymInt4;
import org.alcove.kernel.symint4.Avx512BwSymInt4;
import org.alcove.kernel.symint4.Avx512VnniSymInt4;
import org.alcove.kernel.symint4.AvxVnniSymInt4;
import org.alcove.kernel.symint4.ReferenceSymInt4;
import org.alcove.kernel.symint4.VectorSymInt4;
import org.alcove.nativelibrary.ProcessorFlags;

/**
 * The kernels of the product that this machine can run, with each layout they accept: named
 * {@code format/layout-group/tier}, for example {@code sym_int4/q4_0-32/avx2}.
 */
final class Kernels {

    /** Of the layouts of Hugging Face folders, which differ little, these groups and scales are timed. */
    private static final List<String> WORDS = List.of("pack_quantized_f16-128", "pack_quantized_f16.interleaved-128");

    private static final List<String> AVX2 = List.of("avx2", "fma", "f16c");
    private static final List<String> AVX_VNNI = List.of("avx_vnni", "avx2", "fma", "f16c");
    private static final List<String> AVX512 = List.of("avx512f", "avx512bw", "avx512vl", "avx512dq", "fma");
    private static final List<String> AVX512_VNNI = List.of("avx512_vnni", "avx512bw", "avx512vl", "avx512dq", "fma");
    private static final List<String> AMX = List.of("amx_tile", "amx_int8", "avx512_vnni", "avx512bw", "avx512vl", "avx512dq");

    private static final List<Tier> TIERS = List.of(
            new Tier("reference", List.of(), ReferenceSymInt4::new, ReferenceAsymInt4::new, ReferenceBlocks::new,
                    ReferenceDense::new),
            new Tier("vector", List.of(), VectorSymInt4::new, VectorAsymInt4::new, VectorBlocks::new, VectorDense::new),
            new Tier("avx2", AVX2, Avx2SymInt4::new, Avx2AsymInt4::new, Avx2Blocks::new, Avx2Dense::new),
            new Tier("avx-vnni", AVX_VNNI, AvxVnniSymInt4::new, AvxVnniAsymInt4::new, AvxVnniBlocks::new),
            new Tier("avx512-bw", AVX512, Avx512BwSymInt4::new, Avx512BwAsymInt4::new, Avx512BwBlocks::new, Avx512Dense::new),
            new Tier("avx512-vnni", AVX512_VNNI, Avx512VnniSymInt4::new, Avx512VnniAsymInt4::new, Avx512VnniBlocks::new),
            new Tier("amx-int8", AMX, AmxSymInt4::new, AmxAsymInt4::new, AmxBlocks::new));

    private Kernels() {
    }

    /** A kernel and one of its layouts. */
    record Choice(QuantizationKernel kernel, PackedLayout layout) {
    }

    /** Names of all that this machine and this build have, of the given tiers. */
    static List<String> names(List<String> tiers) {
        List<String> names = new ArrayList<>();
        for (Tier tier : TIERS) {
            if (tiers.contains(tier.name) && ProcessorFlags.ofThisMachine().containsAll(tier.features)) {
                for (Supplier<QuantizationKernel> kernel : tier.kernels) {
                    kernel.get().layouts().stream().filter(Kernels::isTimed).map(layout -> name(layout, tier.name))
                            .forEach(names::add);
                }
            }
        }
        return names;
    }

    /** Names of all tiers, the slowest first. */
    static List<String> tiers() {
        return TIERS.stream().map(tier -> tier.name).toList();
    }

    /**
     * The kernel with a name.
     *
     * @throws IllegalArgumentException if this machine has none
     */
    static Choice of(String name) {
        for (Tier tier : TIERS) {
            for (Supplier<QuantizationKernel> made : tier.kernels) {
                if (name.endsWith("/" + tier.name) && ProcessorFlags.ofThisMachine().containsAll(tier.features)) {
                    QuantizationKernel kernel = made.get();
                    for (PackedLayout layout : kernel.layouts()) {
                        if (name(layout, tier.name).equals(name)) {
                            return new Choice(kernel, layout);
                        }
                    }
                }
            }
        }
        throw new IllegalArgumentException("this machine has no kernel " + name + "; it has " + names(tiers()));
    }

    private static boolean isTimed(PackedLayout layout) {
        return !layout.name().startsWith("pack_quantized") || WORDS.contains(layout.name() + "-" + layout.groupSize());
    }

    private static String name(PackedLayout layout, String tier) {
        return layout.format() + "/" + layout.name() + "-" + layout.groupSize() + "/" + tier;
    }

    /** Kernels of all formats by the same instructions. */
    private record Tier(String name, List<String> features, List<Supplier<QuantizationKernel>> kernels) {

        @SafeVarargs
        Tier(String name, List<String> features, Supplier<QuantizationKernel>... kernels) {
            this(name, features, List.of(kernels));
        }
    }
}
