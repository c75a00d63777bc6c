package org.alcove.weights.sealed;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.Optional;
import org.alcove.nativelibrary.SystemPages;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Memory for what was sealed: of this process alone, behind no file. On Linux it asks for huge pages, for being left out of core
 * dumps and, where it is {@linkplain #lock locked}, for never being written to a swap; elsewhere it is ordinary memory. Pages are
 * taken from the system as they are written, and cleared by it when they are given back.
 */
final class SealedMemory {

    private static final Logger LOG = LoggerFactory.getLogger(SealedMemory.class);
    private static final Optional<SystemPages> SYSTEM = SystemPages.ofThisMachine();

    private SealedMemory() {
    }

    /**
     * Cleared memory.
     *
     * @param model for whom, for messages
     * @param arena gives it back when it closes
     * @throws OutOfMemoryError if the system has not that much
     */
    static MemorySegment allocate(long bytes, String model, Arena arena) {
        if (SYSTEM.isEmpty()) {
            return arena.allocate(bytes, SealedHeader.ALIGNMENT);
        }
        SystemPages system = SYSTEM.get();
        SystemPages.Region region = system.map(bytes, true).orElseThrow(() -> new OutOfMemoryError("the system has no " + bytes
                + " bytes of memory for " + model + ", which is sealed and so opened in memory"));
        if (!system.leaveOutOfDumps(region)) {
            LOG.warn("{} is opened in memory that the system would write into a core dump", model);
        }
        return MemorySegment.ofAddress(region.start()).reinterpret(bytes, arena, memory -> system.unmap(region));
    }

    /**
     * Keeps memory of {@link #allocate} out of a swap, each page from the time on that it is written.
     *
     * @return whether the system promises that; it does not where the limit of locked memory is below what is to be locked
     */
    static boolean lock(MemorySegment part) {
        return SYSTEM.filter(system -> system.lock(part)).isPresent();
    }

    /** Has the system begin to read a part of a mapped file. */
    static void willRead(MemorySegment part) {
        SYSTEM.ifPresent(system -> system.willRead(part));
    }
}
