package org.alcove.engine.numeric;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import org.alcove.nativelibrary.NativeLibrary;
import org.alcove.nativelibrary.ProcessorFlags;

/** The implementations that this machine can run. */
public final class Tiers {

    private Tiers() {
    }

    /** The quickest one. */
    public static Arithmetics best() {
        Arithmetics best = new Arithmetics();
        features().forEach(best::add);
        return best;
    }

    /** The best one without those features. */
    public static Arithmetics without(String... features) {
        Arithmetics best = best();
        Arrays.asList(features).forEach(best::remove);
        return best;
    }

    /** Every one but the plain one. A build without a C compiler has no native ones. */
    public static List<Arithmetic> fast() {
        List<Arithmetic> all = new ArrayList<>(List.of(new VectorArithmetic()));
        Set<String> features = features();
        for (String tier : List.of("avx2", "avx512")) {
            if (features.contains("cpu." + tier.replace("512", "512f"))) {
                NativeLibrary.open(Arithmetics.class, tier + ".so")
                        .ifPresent(library -> all.add(new NativeArithmetic(library, tier)));
            }
        }
        return all;
    }

    private static Set<String> features() {
        Set<String> features = ProcessorFlags.ofThisMachine().stream().map(flag -> "cpu." + flag)
                .collect(Collectors.toCollection(HashSet::new));
        features.add(Arithmetics.VECTOR);
        return features;
    }
}
