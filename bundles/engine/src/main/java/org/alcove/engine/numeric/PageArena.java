package org.alcove.engine.numeric;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A shared arena for large memory that is used piece by piece. On Linux it cuts segments from mappings for which huge pages are
 * asked: attention, which strides through the whole cache, then looks up fewer addresses; and a page that is never touched is
 * never taken from the system, nor cleared before a start is ready. Elsewhere an ordinary arena. Memory is cleared either way.
 */
public final class PageArena implements Arena {

    private static final Logger LOG = LoggerFactory.getLogger(PageArena.class);
    private static final long HUGE_PAGE = 2 << 20;
    private static final long REGION = 64 << 20;
    /** Numbers of Linux' calls on x86-64, and their constants. */
    private static final long MMAP = 9;
    private static final long MUNMAP = 11;
    private static final long MADVISE = 28;
    private static final long READ_WRITE = 3;
    private static final long PRIVATE_ANONYMOUS_UNRESERVED = 0x4022;
    private static final long ADVICE_HUGE_PAGES = 14;
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG;

    private final Arena arena = Arena.ofShared();
    private final Optional<MethodHandle> system = system();
    private final List<MemorySegment> regions = new ArrayList<>();
    private long next;
    private long end;

    private static Optional<MethodHandle> system() {
        boolean known = System.getProperty("os.name").equals("Linux")
                && System.getProperty("os.arch").toLowerCase(Locale.ROOT).equals("amd64");
        if (!known) {
            return Optional.empty();
        }
        Linker linker = Linker.nativeLinker();
        FunctionDescriptor type = FunctionDescriptor.of(LONG, LONG, LONG, LONG, LONG, LONG, LONG, LONG);
        return linker.defaultLookup().find("syscall")
                .map(address -> linker.downcallHandle(address, type, Linker.Option.firstVariadicArg(1)));
    }

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
        long size = Math.ceilDiv(Math.max(bytes, REGION), HUGE_PAGE) * HUGE_PAGE + HUGE_PAGE;
        long start = call(MMAP, 0, size, READ_WRITE, PRIVATE_ANONYMOUS_UNRESERVED);
        if (start == -1) {
            LOG.debug("The system maps no {} bytes; an ordinary arena takes over", size);
            return false;
        }
        regions.add(MemorySegment.ofAddress(start).reinterpret(size));
        next = Math.ceilDiv(start, HUGE_PAGE) * HUGE_PAGE;
        end = start + size;
        // A system that refuses leaves pages small.
        call(MADVISE, next, end - next, ADVICE_HUGE_PAGES, 0);
        return true;
    }

    private long call(long number, long a, long b, long c, long d) {
        try {
            return (long) system.orElseThrow().invokeExact(number, a, b, c, d, -1L, 0L);
        } catch (Throwable e) {
            throw NativeArithmetic.failure(e);
        }
    }

    @Override
    public MemorySegment.Scope scope() {
        return arena.scope();
    }

    @Override
    public synchronized void close() {
        arena.close();
        for (MemorySegment region : regions) {
            call(MUNMAP, region.address(), region.byteSize(), 0, 0);
        }
        regions.clear();
    }
}
