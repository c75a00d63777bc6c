package org.alcove.weights.machine;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Whether the Java Vector API is there. Asked by reflection: this bundle must resolve and run without the module. */
final class VectorModule {

    /** Name of the feature. */
    static final String FEATURE = "jvm.vector";

    private static final Logger LOG = LoggerFactory.getLogger(VectorModule.class);
    private static final int MIN_BITS = 128;

    private VectorModule() {
    }

    /** Whether the virtual machine was started with the module and prefers vectors of at least 128 bits. */
    static boolean isUsable() {
        return ModuleLayer.boot().findModule("jdk.incubator.vector").map(VectorModule::isWide).orElse(false);
    }

    private static boolean isWide(Module module) {
        try {
            Class<?> vector = Class.forName(module, "jdk.incubator.vector.FloatVector");
            Class<?> species = Class.forName(module, "jdk.incubator.vector.VectorSpecies");
            int bits = (int) species.getMethod("vectorBitSize").invoke(vector.getField("SPECIES_PREFERRED").get(null));
            if (bits < MIN_BITS) {
                LOG.info("The Java Vector API prefers vectors of {} bits here, less than {}; it is not used", bits, MIN_BITS);
            }
            return bits >= MIN_BITS;
        } catch (ReflectiveOperationException | LinkageError e) {
            LOG.warn("The Java Vector API is there but does not answer; it is not used", e);
            return false;
        }
    }
}
