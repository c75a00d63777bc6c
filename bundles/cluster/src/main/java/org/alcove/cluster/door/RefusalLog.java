package org.alcove.cluster.door;

import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says who was refused and why, once a second at most: whoever is refused must not be able to fill the disk. */
final class RefusalLog {

    private static final Logger LOG = LoggerFactory.getLogger(RefusalLog.class);
    private static final long SECOND = 1_000_000_000L;

    private long last = System.nanoTime() - SECOND;
    private int unsaid;

    synchronized void tell(String path, String peer, String reason) {
        long now = System.nanoTime();
        if (now - last < SECOND) {
            unsaid++;
            return;
        }
        LOG.warn("{} of {} is refused: {}{}", path, peer, reason, unsaid == 0 ? "" : " (and " + unsaid + " others before)");
        last = now;
        unsaid = 0;
    }
}
