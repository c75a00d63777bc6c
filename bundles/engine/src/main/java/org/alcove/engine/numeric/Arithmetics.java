package org.alcove.engine.numeric;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import org.alcove.nativelibrary.NativeLibrary;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The quickest arithmetic for the features that the machine has and the configuration leaves it: native code by AVX-512, by
 * AVX2, the Java Vector API, plain Java. All give the same bits, so it may change between two operations. Thread-safe.
 */
public final class Arithmetics implements AutoCloseable {

    /** Feature of a virtual machine with the Vector API. */
    public static final String VECTOR = "jvm.vector";

    private static final Logger LOG = LoggerFactory.getLogger(Arithmetics.class);
    private static final List<Tier> TIERS = List.of(
            new Tier("avx512", Set.of("cpu.avx512f", "cpu.avx512bw", "cpu.avx512dq", "cpu.avx512vl", "cpu.fma", "cpu.f16c")),
            new Tier("avx2", Set.of("cpu.avx2", "cpu.fma", "cpu.f16c")));

    /** A library, and what the processor must have to run it. */
    private record Tier(String name, Set<String> features) {
    }

    private final Set<String> features = new TreeSet<>();
    private NativeArithmetic opened;
    private boolean closed;
    /** Null where it is to be chosen anew. */
    private volatile Arithmetic current;
    private String announced = "";

    /** Without a feature: plain. */
    public Arithmetics() {
    }

    private Arithmetics(Arithmetic fixed) {
        current = fixed;
    }

    /** This one, whatever the machine has. */
    public static Arithmetics of(Arithmetic fixed) {
        return new Arithmetics(fixed);
    }

    /** Adds a feature of the machine. */
    public synchronized void add(String feature) {
        if (features.add(feature)) {
            current = null;
        }
    }

    /** Takes a feature away. */
    public synchronized void remove(String feature) {
        if (features.remove(feature)) {
            current = null;
        }
    }

    /** What to compute with now. */
    public Arithmetic current() {
        Arithmetic known = current;
        return known != null ? known : choose();
    }

    private synchronized Arithmetic choose() {
        if (current == null) {
            current = nativeTier().orElseGet(() -> features.contains(VECTOR) ? Arithmetic.java() : Arithmetic.plain());
            if (!announced.equals(current.toString())) {
                announced = current.toString();
                LOG.info("Attention, norms and gates are computed by {}: the quickest for {}", announced,
                        features.isEmpty() ? "a machine without known features" : String.join(", ", features));
            }
        }
        return current;
    }

    private Optional<Arithmetic> nativeTier() {
        for (Tier tier : TIERS) {
            if (!closed && features.containsAll(tier.features)) {
                if (opened != null && opened.tier().equals(tier.name)) {
                    return Optional.of(opened);
                }
                Optional<NativeLibrary> library = NativeLibrary.open(Arithmetics.class, tier.name + ".so");
                if (library.isPresent()) {
                    release();
                    opened = new NativeArithmetic(library.get(), tier.name);
                    return Optional.of(opened);
                }
            }
        }
        return Optional.empty();
    }

    /** Unmaps the library, unless it is being used, which the next choice or the end does again. */
    private void release() {
        if (opened != null) {
            try {
                opened.close();
            } catch (IllegalStateException e) {
                LOG.warn("{} is in use and stays mapped: {}", opened, e.getMessage());
            }
            opened = null;
        }
    }

    /** Computes in Java from now on and unmaps the native library. */
    @Override
    public synchronized void close() {
        closed = true;
        current = Arithmetic.java();
        release();
    }
}
