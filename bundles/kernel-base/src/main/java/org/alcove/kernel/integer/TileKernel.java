package org.alcove.kernel.integer;

import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A native kernel that uses the processor's tile unit (AMX) for many tokens. Before it does, the operating system must permit it
 * and the unit must prove itself ({@link TileCheck}); else the kernel accepts no layouts, and the next tier serves them.
 */
public class TileKernel extends NativeKernel {

    private static final Logger LOG = LoggerFactory.getLogger(TileKernel.class);

    /**
     * Joins a format and a tier.
     *
     * @param tier name of a library with tiles, for example {@code amx-int8}
     */
    protected TileKernel(IntegerFormat format, String tier) {
        super(format, NativeArithmetic.open(tier).filter(opened -> isUsable(opened, format, tier)));
    }

    private static boolean isUsable(NativeArithmetic opened, IntegerFormat format, String tier) {
        String name = format.layouts().getFirst().format();
        int refusal = opened.permission();
        if (refusal != 0) {
            LOG.info("{} of {} is not used: the operating system does not let this process use the tile unit (arch_prctl, errno"
                    + " {}); the next tier is. A newer kernel, or a container that permits it, would", tier, name, refusal);
            opened.close();
            return false;
        }
        Optional<String> difference = new TileCheck(opened).difference(format.layouts());
        difference.ifPresent(found -> {
            LOG.warn("{} of {} is not used: the tile unit of this machine computes something else than the vectors ({}); the next"
                    + " tier is. Please report the processor and this line", tier, name, found);
            opened.close();
        });
        return difference.isEmpty();
    }
}
