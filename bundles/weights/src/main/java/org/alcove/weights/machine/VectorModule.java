package org.alcove.weights.machine;

import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Whether the Java Vector API is there. Asked by reflection: this bundle must resolve and run without the module. */
final class VectorModule {

    /** Name of the feature. */
    static final String FEATURE = "jvm.vector";

    private static final Logger LOG = LoggerFactory.getLogger(VectorModule.class);
    private static final int MIN_BITS = 128;
    /** Where every processor has such vectors, the module's classes, which take long to load, are not asked. */
    private static final Set<String> WIDE = Set.of("amd64", "aarch64");

    private VectorModule() {
    }

    /** Whether the virtual machine has the module and prefers vectors of at least 128 bits. */
    static boolean isUsable() {
        try {
            ClassLoader loader = VectorModule.class.getClassLoader();
            Class<?> species = Class.forName("jdk.incubator.vector.VectorSpecies", false, loader);
            if (WIDE.contains(System.getProperty("os.arch"))) {
                return true;
            }
            Class<?> vector = Class.forName("jdk.incubator.vector.FloatVector", true, loader);
            int bits = (int) species.getMethod("vectorBitSize").invoke(vector.getField("SPECIES_PREFERRED").get(null));
            if (bits < MIN_BITS) {
                LOG.info("The Java Vector API prefers vectors of {} bits here, less than {}; it is not used", bits, MIN_BITS);
            }
            return bits >= MIN_BITS;
        } catch (ClassNotFoundException without) {
            return false;
        } catch (ReflectiveOperationException | LinkageError e) {
            LOG.warn("The Java Vector API is there but does not answer; it is not used", e);
            return false;
        }
    }
}
