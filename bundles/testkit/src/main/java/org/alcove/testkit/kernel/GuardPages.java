package org.alcove.testkit.kernel;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;

/**
 * Memory between pages that nobody may touch, as a mapped file has at its end. A native kernel that reads or writes a byte past
 * either end stops the whole virtual machine with SIGSEGV: the report names the kernel's library.
 */
final class GuardPages {

    private static final long PAGE = 4096;
    private static final int NO_ACCESS = 0;
    private static final int READ_WRITE = 3;
    private static final int PRIVATE_ANONYMOUS = 0x22;

    private static final MethodHandle MAP = function("mmap",
            FunctionDescriptor.of(ADDRESS, ADDRESS, JAVA_LONG, JAVA_INT, JAVA_INT, JAVA_INT, JAVA_LONG));
    private static final MethodHandle PROTECT = function("mprotect",
            FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_LONG, JAVA_INT));
    private static final MethodHandle UNMAP = function("munmap", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_LONG));

    private GuardPages() {
    }

    /** Memory whose last byte is the last one before a guard page. */
    static MemorySegment before(Arena arena, long bytes) {
        MemorySegment pages = pages(arena, bytes);
        return pages.asSlice(pages.byteSize() - bytes, bytes);
    }

    /** Memory whose first byte is the first one after a guard page. */
    static MemorySegment after(Arena arena, long bytes) {
        return pages(arena, bytes).asSlice(0, bytes);
    }

    /** Whole pages between two that are guarded. */
    private static MemorySegment pages(Arena arena, long bytes) {
        long inside = Math.max(1, Math.ceilDiv(bytes, PAGE)) * PAGE;
        try {
            MemorySegment mapped = (MemorySegment) MAP.invokeExact(MemorySegment.NULL, inside + 2 * PAGE, NO_ACCESS,
                    PRIVATE_ANONYMOUS, -1, 0L);
            MemorySegment whole = mapped.reinterpret(inside + 2 * PAGE, arena, GuardPages::unmap);
            MemorySegment pages = whole.asSlice(PAGE, inside);
            int result = (int) PROTECT.invokeExact(pages, inside, READ_WRITE);
            if (result != 0) {
                throw new AssertionError("mprotect failed");
            }
            return pages;
        } catch (Throwable e) {
            throw new AssertionError("no guard pages", e);
        }
    }

    private static void unmap(MemorySegment whole) {
        try {
            int result = (int) UNMAP.invokeExact(whole, whole.byteSize());
            if (result != 0) {
                throw new AssertionError("munmap failed");
            }
        } catch (Throwable e) {
            throw new AssertionError("guard pages stay mapped", e);
        }
    }

    private static MethodHandle function(String name, FunctionDescriptor type) {
        Linker linker = Linker.nativeLinker();
        return linker.downcallHandle(linker.defaultLookup().findOrThrow(name), type);
    }
}
