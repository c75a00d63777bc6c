package org.alcove.engine.numeric;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.alcove.nativelibrary.SystemPages;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A shared arena for large memory that is used piece by piece. On Linux it cuts segments from mappings for which huge pages are
 * asked: attention, which strides through the whole cache, then looks up fewer addresses; and a page that is never touched is
 * never taken from the system, nor cleared before a start is ready. Elsewhere an ordinary arena. Memory is cleared either way.
 */
public final class PageArena implements Arena {

    private static final Logger LOG = LoggerFactory.getLogger(PageArena.class);
    private static final long REGION = 64 << 20;

    private final Arena arena = Arena.ofShared();
    private final Optional<SystemPages> system = SystemPages.ofThisMachine();
    private final List<SystemPages.Region> regions = new ArrayList<>();
    private long next;
    private long end;

    @Override
    public synchronized MemorySegment allocate(long bytes, long alignment) {
        long at = -alignment & (next + alignment - 1);
        if (system.isEmpty() || bytes > end - at && !map(bytes + alignment)) {
            return arena.allocate(bytes, alignment);
        }
        at = -alignment & (next + alignment - 1);
        next = at + bytes;
        return MemorySegment.ofAddress(at).reinterpret(bytes, arena, null);
    }

    /** Maps a region of at least that size; false if the system does not give one. */
    private boolean map(long bytes) {
        long size = Math.ceilDiv(Math.max(bytes, REGION), SystemPages.HUGE_PAGE) * SystemPages.HUGE_PAGE;
        Optional<SystemPages.Region> region = system.orElseThrow().map(size, false);
        if (region.isEmpty()) {
            LOG.debug("The system maps no {} bytes; an ordinary arena takes over", size);
            return false;
        }
        regions.add(region.get());
        next = region.get().start();
        end = region.get().end();
        return true;
    }

    @Override
    public MemorySegment.Scope scope() {
        return arena.scope();
    }

    @Override
    public synchronized void close() {
        arena.close();
        regions.forEach(region -> system.orElseThrow().unmap(region));
        regions.clear();
    }
}
