package org.alcove.engine.numeric;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.ArrayList;
import java.util.List;

/** Memory that ends, or begins, at a page which nobody may touch: whoever does ends the virtual machine. */
final class GuardedMemory implements Arena {

    private static final long PAGE = 4096;
    private static final int READ_WRITE = 3;
    private static final int PRIVATE_ANONYMOUS = 0x22;
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG;
    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT;

    private final Arena arena = Arena.ofShared();
    private final boolean atEnd;
    private final List<long[]> mappings = new ArrayList<>();

    /** Puts memory before, or else behind, the page. */
    GuardedMemory(boolean atEnd) {
        this.atEnd = atEnd;
    }

    @Override
    public MemorySegment allocate(long bytes, long alignment) {
        long room = Math.ceilDiv(Math.max(bytes, 1), PAGE) * PAGE;
        long whole = room + 2 * PAGE;
        long start = (long) call("mmap", FunctionDescriptor.of(LONG, LONG, LONG, INT, INT, INT, LONG), 0L, whole, READ_WRITE,
                PRIVATE_ANONYMOUS, -1, 0L);
        mappings.add(new long[] {start, whole});
        FunctionDescriptor protect = FunctionDescriptor.of(INT, LONG, LONG, INT);
        int failed = (int) call("mprotect", protect, start, PAGE, 0)
                | (int) call("mprotect", protect, start + PAGE + room, PAGE, 0);
        if (start == -1 || failed != 0) {
            throw new IllegalStateException("no guarded memory");
        }
        long at = atEnd ? start + PAGE + room - bytes : start + PAGE;
        return MemorySegment.ofAddress(at).reinterpret(bytes, arena, null);
    }

    private static Object call(String name, FunctionDescriptor type, Object... arguments) {
        Linker linker = Linker.nativeLinker();
        MethodHandle handle = linker.downcallHandle(linker.defaultLookup().findOrThrow(name), type);
        try {
            return handle.invokeWithArguments(arguments);
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public MemorySegment.Scope scope() {
        return arena.scope();
    }

    @Override
    public void close() {
        arena.close();
        for (long[] mapping : mappings) {
            call("munmap", FunctionDescriptor.of(INT, LONG, LONG), mapping[0], mapping[1]);
        }
    }
}
