package org.alcove.nativelibrary;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.Locale;
import java.util.Optional;

/**
 * Memory from Linux itself, by its calls on x86-64: cleared, of this process alone, behind no file. A page is taken from the
 * system when it is first written. Where two threads do that at once with the same page, the system clears one for each, and
 * throws one away: large memory is best written by one thread for each {@link #HUGE_PAGE}.
 */
public final class SystemPages {

    /** What the system clears and hands out at a time, where it has such pages. */
    public static final long HUGE_PAGE = 2 << 20;

    private static final long FILE_PAGE = 4096;
    /** Numbers of the calls, and their constants. */
    private static final long MMAP = 9;
    private static final long MUNMAP = 11;
    private static final long MADVISE = 28;
    private static final long MLOCK2 = 325;
    private static final long READ_WRITE = 3;
    private static final long PRIVATE_ANONYMOUS = 0x22;
    private static final long UNRESERVED = 0x4000;
    private static final long ADVICE_WILL_NEED = 3;
    private static final long ADVICE_HUGE_PAGES = 14;
    private static final long ADVICE_NO_DUMP = 16;
    private static final long LOCK_ON_FAULT = 1;
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG;

    /** The function {@code syscall}. */
    private final MethodHandle system;

    private SystemPages(MethodHandle system) {
        this.system = system;
    }

    /** Nothing where the numbers are not those here. */
    public static Optional<SystemPages> ofThisMachine() {
        boolean known = System.getProperty("os.name").equals("Linux")
                && System.getProperty("os.arch").toLowerCase(Locale.ROOT).equals("amd64");
        if (!known) {
            return Optional.empty();
        }
        Linker linker = Linker.nativeLinker();
        FunctionDescriptor type = FunctionDescriptor.of(LONG, LONG, LONG, LONG, LONG, LONG, LONG, LONG);
        return linker.defaultLookup().find("syscall")
                .map(address -> new SystemPages(linker.downcallHandle(address, type, Linker.Option.firstVariadicArg(1))));
    }

    /**
     * What {@link #map} gave.
     *
     * @param start where a huge page begins
     * @param end behind the last byte
     * @param mapped where the mapping itself begins
     */
    public record Region(long start, long end, long mapped) {
    }

    /**
     * Maps memory for which huge pages are asked; a system that refuses them gives small ones.
     *
     * @param bytes at least so many
     * @param reserved whether it counts as taken at once, or as it is written
     * @return nothing if the system has not that much
     */
    public Optional<Region> map(long bytes, boolean reserved) {
        long size = bytes + HUGE_PAGE;
        long mapped = call(MMAP, 0, size, READ_WRITE, reserved ? PRIVATE_ANONYMOUS : PRIVATE_ANONYMOUS | UNRESERVED);
        if (mapped == -1) {
            return Optional.empty();
        }
        Region region = new Region(Math.ceilDiv(mapped, HUGE_PAGE) * HUGE_PAGE, mapped + size, mapped);
        call(MADVISE, region.start, region.end - region.start, ADVICE_HUGE_PAGES, 0);
        return Optional.of(region);
    }

    /** Gives a region back; whoever touches it then ends the process. */
    public void unmap(Region region) {
        call(MUNMAP, region.mapped, region.end - region.mapped, 0, 0);
    }

    /** Whether the system leaves a region out of core dumps from now on. */
    public boolean leaveOutOfDumps(Region region) {
        return call(MADVISE, region.mapped, region.end - region.mapped, ADVICE_NO_DUMP, 0) == 0;
    }

    /**
     * Keeps a part of a region out of a swap, each page from the time on that it is written.
     *
     * @return whether the system promises that; it does not where the limit of locked memory is below what is to be locked
     */
    public boolean lock(MemorySegment part) {
        return call(MLOCK2, part.address(), part.byteSize(), LOCK_ON_FAULT, 0) == 0;
    }

    /** Has the system begin to read a part of a mapped file. */
    public void willRead(MemorySegment part) {
        long page = part.address() & -FILE_PAGE;
        call(MADVISE, page, part.address() + part.byteSize() - page, ADVICE_WILL_NEED, 0);
    }

    private long call(long number, long a, long b, long c, long d) {
        try {
            return (long) system.invokeExact(number, a, b, c, d, -1L, 0L);
        } catch (Throwable e) {
            throw NativeLibrary.failure(e);
        }
    }
}
