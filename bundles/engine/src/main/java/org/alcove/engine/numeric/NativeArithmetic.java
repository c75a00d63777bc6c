package org.alcove.engine.numeric;

import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import org.alcove.nativelibrary.NativeLibrary;

/**
 * The operations in C ({@code src/main/native}), one call for each range of rows or units. Works as long as the arena of the
 * library is open; what it is given must be native memory.
 */
final class NativeArithmetic implements Arithmetic, AutoCloseable {

    private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT;
    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG;
    private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT;
    private static final ValueLayout POINTER = ValueLayout.ADDRESS;

    private final NativeLibrary library;
    private final String tier;
    private final MethodHandle normalize;
    private final MethodHandle add;
    private final MethodHandle addRow;
    private final MethodHandle gate;
    private final MethodHandle exponentials;
    private final MethodHandle max;
    private final MethodHandle isFinite;
    private final MethodHandle rotate;
    private final MethodHandle store;
    private final MethodHandle attend;

    /**
     * Binds the functions of a tier.
     *
     * @param library open as long as this is used; closed with it
     * @param tier name of the library
     * @throws IllegalStateException if the library does not have them
     */
    NativeArithmetic(NativeLibrary library, String tier) {
        this.library = library;
        this.tier = tier;
        normalize = bind("normalize", FunctionDescriptor.ofVoid(POINTER, POINTER, LONG, INT, POINTER, INT, FLOAT));
        add = bind("add", FunctionDescriptor.ofVoid(POINTER, POINTER, LONG, LONG));
        addRow = bind("add_row", FunctionDescriptor.ofVoid(POINTER, LONG, INT, POINTER, INT));
        gate = bind("gate", FunctionDescriptor.ofVoid(POINTER, POINTER, LONG, LONG));
        exponentials = bind("exponentials", FunctionDescriptor.ofVoid(POINTER, POINTER, INT, FLOAT, FLOAT));
        max = bind("max", FunctionDescriptor.of(FLOAT, POINTER, INT));
        isFinite = bind("is_finite", FunctionDescriptor.of(INT, POINTER, INT));
        rotate = bind("rotate", FunctionDescriptor.ofVoid(POINTER, INT, INT, INT, INT, POINTER, INT, INT));
        store = bind("store", FunctionDescriptor.ofVoid(POINTER, LONG, INT, INT));
        attend = bind("attend", FunctionDescriptor.ofVoid(POINTER, LONG, INT, INT, POINTER));
    }

    private MethodHandle bind(String name, FunctionDescriptor type) {
        return library.function("alcove_" + name, type);
    }

    private static int width(MemorySegment row) {
        return Math.toIntExact(row.byteSize() / Float.BYTES);
    }

    @Override
    public void normalize(MemorySegment from, MemorySegment to, int firstRow, int rows, MemorySegment weights, float epsilon) {
        try {
            normalize.invokeExact(from, to, (long) firstRow, rows, weights, width(weights), epsilon);
        } catch (Throwable e) {
            throw failure(e);
        }
    }

    @Override
    public void add(MemorySegment target, MemorySegment source, long at, int count) {
        try {
            add.invokeExact(target, source, at, (long) count);
        } catch (Throwable e) {
            throw failure(e);
        }
    }

    @Override
    public void addRow(MemorySegment target, int firstRow, int rows, MemorySegment row) {
        try {
            addRow.invokeExact(target, (long) firstRow, rows, row, width(row));
        } catch (Throwable e) {
            throw failure(e);
        }
    }

    @Override
    public void gate(MemorySegment gated, MemorySegment up, long at, int count) {
        try {
            gate.invokeExact(gated, up, at, (long) count);
        } catch (Throwable e) {
            throw failure(e);
        }
    }

    @Override
    public void exponentials(MemorySegment source, MemorySegment target, int count, float shift, float divisor) {
        try {
            exponentials.invokeExact(source, target, count, shift, divisor);
        } catch (Throwable e) {
            throw failure(e);
        }
    }

    @Override
    public float max(MemorySegment values, int count) {
        try {
            return (float) max.invokeExact(values, count);
        } catch (Throwable e) {
            throw failure(e);
        }
    }

    @Override
    public boolean isFinite(MemorySegment values, int count) {
        try {
            return (int) isFinite.invokeExact(values, count) != 0;
        } catch (Throwable e) {
            throw failure(e);
        }
    }

    @Override
    public void rotate(MemorySegment vectors, int heads, int headSize, int firstToken, int tokens, Rotation rotation) {
        try {
            rotate.invokeExact(vectors, firstToken, tokens, heads, headSize, rotation.table(), rotation.pairs(),
                    rotation.halves() ? 1 : 0);
        } catch (Throwable e) {
            throw failure(e);
        }
    }

    @Override
    public void store(AttentionStep step, int layer, int firstToken, int tokens) {
        try {
            store.invokeExact(step.struct, step.layout.layerAt(layer), firstToken, tokens);
        } catch (Throwable e) {
            throw failure(e);
        }
    }

    @Override
    public void attend(AttentionStep step, int layer, int member, int firstUnit, int endUnit) {
        try {
            attend.invokeExact(step.struct, step.layout.layerAt(layer), firstUnit, endUnit, step.scratch[member]);
        } catch (Throwable e) {
            throw failure(e);
        }
    }

    /** Of a call whose types are fixed, only unchecked failures come: a closed arena, a segment on the heap. */
    private static RuntimeException failure(Throwable thrown) {
        return switch (thrown) {
            case Error error -> throw error;
            case RuntimeException exception -> exception;
            default -> new IllegalStateException("a native operation failed", thrown);
        };
    }

    /** Unmaps the library: every operation throws from now on. */
    @Override
    public void close() {
        library.close();
    }

    String tier() {
        return tier;
    }

    @Override
    public String toString() {
        return "native (" + tier + ")";
    }
}
