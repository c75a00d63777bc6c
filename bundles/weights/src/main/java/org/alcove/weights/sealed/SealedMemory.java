package org.alcove.weights.sealed;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.Locale;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Memory for what was sealed: of this process alone, behind no file. On Linux it asks for huge pages, for being left out of core
 * dumps and, where it is {@linkplain #lock locked}, for never being written to a swap; elsewhere it is ordinary memory. Pages are
 * taken from the system as they are written, and cleared by it when they are given back.
 */
final class SealedMemory {

    private static final Logger LOG = LoggerFactory.getLogger(SealedMemory.class);
    /** What the system clears and hands out at a time, where it has such pages; the memory begins with one. */
    static final long HUGE_PAGE = 2 << 20;
    /** Numbers of Linux' calls on x86-64, and their constants. */
    private static final long MMAP = 9;
    private static final long MUNMAP = 11;
    private static final long MADVISE = 28;
    private static final long MLOCK2 = 325;
    private static final long READ_WRITE = 3;
    private static final long PRIVATE_ANONYMOUS = 0x22;
    private static final long ADVICE_WILL_NEED = 3;
    private static final long ADVICE_HUGE_PAGES = 14;
    private static final long ADVICE_NO_DUMP = 16;
    private static final long LOCK_ON_FAULT = 1;
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG;
    /** The function {@code syscall}, where numbers and constants are those above. */
    private static final Optional<MethodHandle> SYSTEM = system();

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
        MethodHandle call = SYSTEM.get();
        long size = bytes + HUGE_PAGE;
        long start = call(call, MMAP, 0, size, READ_WRITE, PRIVATE_ANONYMOUS);
        if (start == -1) {
            throw new OutOfMemoryError("the system has no " + bytes + " bytes of memory for " + model
                    + ", which is sealed and so opened in memory");
        }
        long first = Math.ceilDiv(start, HUGE_PAGE) * HUGE_PAGE;
        call(call, MADVISE, first, start + size - first, ADVICE_HUGE_PAGES, 0);
        if (call(call, MADVISE, start, size, ADVICE_NO_DUMP, 0) != 0) {
            LOG.warn("{} is opened in memory that the system would write into a core dump", model);
        }
        return MemorySegment.ofAddress(first).reinterpret(bytes, arena, memory -> call(call, MUNMAP, start, size, 0, 0));
    }

    /**
     * Keeps memory of {@link #allocate} out of a swap, each page from the time on that it is written.
     *
     * @return whether the system promises that; it does not where the limit of locked memory is below what is to be locked
     */
    static boolean lock(MemorySegment part) {
        return SYSTEM.filter(call -> call(call, MLOCK2, part.address(), part.byteSize(), LOCK_ON_FAULT, 0) == 0).isPresent();
    }

    /** Has the system begin to read a part of a mapped file. */
    static void willRead(MemorySegment part) {
        long page = part.address() & -SealedHeader.ALIGNMENT;
        SYSTEM.ifPresent(call -> call(call, MADVISE, page, part.address() + part.byteSize() - page, ADVICE_WILL_NEED, 0));
    }

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

    private static long call(MethodHandle system, long number, long a, long b, long c, long d) {
        try {
            return (long) system.invokeExact(number, a, b, c, d, -1L, 0L);
        } catch (Throwable e) {
            throw new IllegalStateException("a call of the system failed", e);
        }
    }
}
