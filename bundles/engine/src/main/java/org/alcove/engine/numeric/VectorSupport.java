package org.alcove.engine.numeric;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Whether the Java Vector API is there; asked without linking to it, as this bundle runs without the module, too. */
final class VectorSupport {

    private static final Logger LOG = LoggerFactory.getLogger(VectorSupport.class);
    private static final int MIN_BITS = 128;

    private VectorSupport() {
    }

    static boolean isUsable() {
        try {
            ClassLoader loader = VectorSupport.class.getClassLoader();
            Class<?> vector = Class.forName("jdk.incubator.vector.FloatVector", true, loader);
            Class<?> species = Class.forName("jdk.incubator.vector.VectorSpecies", true, loader);
            Object preferred = vector.getField("SPECIES_PREFERRED").get(null);
            return (int) species.getMethod("vectorBitSize").invoke(preferred) >= MIN_BITS;
        } catch (ReflectiveOperationException | LinkageError e) {
            LOG.info("The Java Vector API is not there (start with --add-modules jdk.incubator.vector); attention is computed"
                    + " plainly, which is slower");
            return false;
        }
    }
}
