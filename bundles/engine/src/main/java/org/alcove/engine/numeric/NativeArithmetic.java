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

    private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG;
    private static final ValueLayout POINTER = ValueLayout.ADDRESS;
    private static final MemorySegment NONE = MemorySegment.NULL;
    /** The one type of all functions; the linker takes long for each new type. */
    private static final FunctionDescriptor TYPE =
            FunctionDescriptor.of(LONG, POINTER, POINTER, POINTER, LONG, LONG, LONG, LONG, LONG, LONG);

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
    private int holders;
    private boolean retired;

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
        normalize = library.function("alcove_normalize", TYPE);
        add = library.function("alcove_add", TYPE);
        addRow = library.function("alcove_add_row", TYPE);
        gate = library.function("alcove_gate", TYPE);
        exponentials = library.function("alcove_exponentials", TYPE);
        max = library.function("alcove_max", TYPE);
        isFinite = library.function("alcove_is_finite", TYPE);
        rotate = library.function("alcove_rotate", TYPE);
        store = library.function("alcove_store", TYPE);
        attend = library.function("alcove_attend", TYPE);
    }

    private static long call(MethodHandle function, MemorySegment p, MemorySegment q, long i, long j, long k) {
        try {
            return (long) function.invokeExact(p, q, NONE, i, j, k, 0L, 0L, 0L);
        } catch (Throwable e) {
            throw failure(e);
        }
    }

    private static long width(MemorySegment row) {
        return row.byteSize() / Float.BYTES;
    }

    private static long bits(float x) {
        return Float.floatToRawIntBits(x);
    }

    @Override
    public void normalize(MemorySegment from, MemorySegment to, int firstRow, int rows, MemorySegment weights, float epsilon) {
        try {
            long nothing = (long) normalize.invokeExact(from, to, weights, (long) firstRow, (long) rows, width(weights),
                    bits(epsilon), 0L, 0L);
        } catch (Throwable e) {
            throw failure(e);
        }
    }

    @Override
    public void add(MemorySegment target, MemorySegment source, long at, int count) {
        call(add, target, source, at, count, 0);
    }

    @Override
    public void addRow(MemorySegment target, int firstRow, int rows, MemorySegment row) {
        call(addRow, target, row, firstRow, rows, width(row));
    }

    @Override
    public void gate(MemorySegment gated, MemorySegment up, long at, int count) {
        call(gate, gated, up, at, count, 0);
    }

    @Override
    public void exponentials(MemorySegment source, MemorySegment target, int count, float shift, float divisor) {
        call(exponentials, source, target, count, bits(shift), bits(divisor));
    }

    @Override
    public float max(MemorySegment values, int count) {
        return Float.intBitsToFloat((int) call(max, values, NONE, count, 0, 0));
    }

    @Override
    public boolean isFinite(MemorySegment values, int count) {
        return call(isFinite, values, NONE, count, 0, 0) != 0;
    }

    @Override
    public void rotate(MemorySegment vectors, int heads, int headSize, int firstToken, int tokens, Rotation rotation) {
        long halves = rotation.halves() ? 1 : 0;
        try {
            long nothing = (long) rotate.invokeExact(vectors, rotation.table(), NONE, (long) firstToken, (long) tokens,
                    (long) heads, (long) headSize, (long) rotation.pairs(), halves);
        } catch (Throwable e) {
            throw failure(e);
        }
    }

    @Override
    public void store(AttentionStep step, int layer, int firstToken, int tokens) {
        call(store, step.struct, NONE, step.layout.layerAt(layer), firstToken, tokens);
    }

    @Override
    public void attend(AttentionStep step, int layer, int member, int firstUnit, int endUnit) {
        call(attend, step.struct, step.scratch[member], step.layout.layerAt(layer), firstUnit, endUnit);
    }

    /** Of a call whose types are fixed, only unchecked failures come: a closed arena, a segment on the heap. */
    static RuntimeException failure(Throwable thrown) {
        return switch (thrown) {
            case Error error -> throw error;
            case RuntimeException exception -> exception;
            default -> new IllegalStateException("a native operation failed", thrown);
        };
    }

    /** Somebody computes with it until {@link #letGo}. */
    synchronized void hold() {
        holders++;
    }

    synchronized void letGo() {
        holders--;
        closeIfDone();
    }

    /** Nobody takes it any more: unmaps the library as soon as nobody holds it. */
    synchronized void retire() {
        retired = true;
        closeIfDone();
    }

    private void closeIfDone() {
        if (retired && holders == 0) {
            close();
        }
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
