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
 * AVX2, the Java Vector API, plain Java. All give the same bits, so it may change between two operations. Whoever computes holds
 * what it computes with, so that a library is unmapped when the last one that does has let it go. Thread-safe.
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

    /** What to compute with now, for as long as it takes to {@link #release} it; once for a step, as it takes a lock. */
    public synchronized Arithmetic hold() {
        Arithmetic chosen = current();
        if (chosen instanceof NativeArithmetic library) {
            library.hold();
        }
        return chosen;
    }

    /** Lets go of what was held. */
    public void release(Arithmetic held) {
        if (held instanceof NativeArithmetic library) {
            library.letGo();
        }
    }

    /** What would be computed with now; works until another is chosen. */
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
                    retire();
                    opened = new NativeArithmetic(library.get(), tier.name);
                    return Optional.of(opened);
                }
            }
        }
        return Optional.empty();
    }

    /** Unmaps the library as soon as no step computes with it. */
    private void retire() {
        if (opened != null) {
            opened.retire();
            opened = null;
        }
    }

    /** Computes in Java from now on and unmaps the native library, once the steps that compute with it have ended. */
    @Override
    public synchronized void close() {
        closed = true;
        current = Arithmetic.java();
        retire();
    }
}
