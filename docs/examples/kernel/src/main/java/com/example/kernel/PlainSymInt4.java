package com.example.kernel;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import java.util.List;
import org.alcove.api.kernel.FloatMatrix;
import org.alcove.api.kernel.MatrixShape;
import org.alcove.api.kernel.PackedLayout;
import org.alcove.api.kernel.PackedMatrix;
import org.alcove.api.kernel.Plane;
import org.alcove.api.kernel.QuantizationFormat;
import org.alcove.api.kernel.QuantizationKernel;
import org.alcove.api.kernel.RowRange;
import org.osgi.service.component.annotations.Component;

/** Multiplies Q4_0 blocks, nothing else: other layouts of {@code sym_int4} go to the kernels of lower ranking. */
@Component(property = {"service.ranking:Integer=300", QuantizationFormat.TIER + "=plain"})
@QuantizationFormat("sym_int4")
public final class PlainSymInt4 implements QuantizationKernel {

    private static final int GROUP = 32;
    private static final int BLOCK = 18; // float16 scale; then byte j: code j below, code j + 16 above
    private static final int PREPARED = 36; // float32 scale; then 32 int8: this kernel's own form of a group of activations
    private static final PackedLayout Q4_0 =
            PackedLayout.of("sym_int4", "q4_0", GROUP, List.of(new Plane("blocks", 1, GROUP, BLOCK)));
    private static final ValueLayout.OfByte BYTE = ValueLayout.JAVA_BYTE;
    private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;
    private static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    @Override
    public List<PackedLayout> layouts() {
        return List.of(Q4_0);
    }

    @Override
    public void pack(FloatMatrix source, PackedMatrix target) {
        int columns = target.shape().columns();
        float[] row = new float[columns];
        for (int r = 0; r < target.shape().rows(); r++) {
            source.read(new RowRange(r, r + 1), MemorySegment.ofArray(row));
            for (int first = 0; first < columns; first += GROUP) {
                packBlock(row, first, target.plane(0), offset(r, first, columns), r);
            }
        }
    }

    private static void packBlock(float[] values, int first, MemorySegment blocks, long at, int row) {
        float extreme = 0;
        for (int c = first; c < first + GROUP; c++) {
            if (!Float.isFinite(values[c])) {
                throw new IllegalArgumentException("the weight in row " + row + ", column " + c + " is " + values[c]);
            }
            extreme = Math.abs(values[c]) > Math.abs(extreme) ? values[c] : extreme;
        }
        float scale = extreme / -8;
        float inverse = 1 / scale;
        short stored = Float.floatToFloat16(Float.isFinite(inverse) ? scale : -0f);
        if (!Float.isFinite(Float.float16ToFloat(stored))) {
            throw new IllegalArgumentException("row " + row + " needs a scale of " + scale + ", more than float16 holds");
        }
        blocks.set(SHORT, at, stored);
        for (int j = 0; j < GROUP / 2; j++) {
            int low = code(values[first + j], inverse);
            int high = code(values[first + j + GROUP / 2], inverse);
            blocks.set(BYTE, at + 2 + j, (byte) (low | high << 4));
        }
    }

    private static int code(float value, float inverse) {
        return Float.isFinite(inverse) ? Math.min(15, (int) (value * inverse + 8.5f)) : 8;
    }

    @Override
    public void unpack(PackedMatrix source, RowRange rows, MemorySegment target) {
        int columns = source.shape().columns();
        for (int r = rows.first(); r < rows.end(); r++) {
            for (int c = 0; c < columns; c++) {
                long block = offset(r, c, columns);
                float value = scale(source, block) * weight(source, block, c % GROUP);
                target.set(FLOAT, 4 * ((long) (r - rows.first()) * columns + c), value);
            }
        }
    }

    @Override
    public void repack(PackedMatrix from, PackedMatrix to) {
        to.plane(0).copyFrom(from.plane(0)); // there is only one layout
    }

    @Override
    public long preparedBytes(int tokens, int columns, PackedLayout layout) {
        return (long) tokens * (columns / GROUP) * PREPARED;
    }

    @Override
    public long scratchBytes(int tokens, MatrixShape shape) {
        return 0;
    }

    /** Section 1.1 of the specification. */
    @Override
    public void prepare(MemorySegment x, int tokens, int columns, PackedLayout layout, MemorySegment prepared) {
        for (long group = 0; group < (long) tokens * (columns / GROUP); group++) {
            float amax = 0;
            boolean finite = true;
            for (int i = 0; i < GROUP; i++) {
                float value = x.get(FLOAT, 4 * (group * GROUP + i));
                finite &= Float.isFinite(value);
                amax = Math.max(amax, Math.abs(value));
            }
            boolean zeros = !finite || amax < 0x1p-118f;
            prepared.set(FLOAT, group * PREPARED, !finite ? Float.NaN : zeros ? 0 : amax / 127);
            for (int i = 0; i < GROUP; i++) {
                float scaled = x.get(FLOAT, 4 * (group * GROUP + i)) * (127 / amax);
                prepared.set(BYTE, group * PREPARED + 4 + i, zeros ? 0 : (byte) Math.rint(scaled));
            }
        }
    }

    /** Section 1.2 of the specification: an exact sum, then one fused multiply-add, groups ascending. */
    @Override
    public void multiply(MemorySegment prepared, int tokens, PackedMatrix w, RowRange rows, MemorySegment y, MemorySegment s) {
        int columns = w.shape().columns();
        for (int token = 0; token < tokens; token++) {
            for (int r = rows.first(); r < rows.end(); r++) {
                float chain = 0;
                for (int first = 0; first < columns; first += GROUP) {
                    long block = offset(r, first, columns);
                    long group = ((long) token * columns + first) / GROUP * PREPARED;
                    int sum = 0;
                    for (int i = 0; i < GROUP; i++) {
                        sum += weight(w, block, i) * prepared.get(BYTE, group + 4 + i);
                    }
                    chain = Math.fma((float) sum, scale(w, block) * prepared.get(FLOAT, group), chain);
                }
                y.set(FLOAT, 4 * ((long) token * w.shape().rows() + r), chain);
            }
        }
    }

    private static long offset(int row, int column, int columns) {
        return ((long) row * columns + column) / GROUP * BLOCK;
    }

    private static float scale(PackedMatrix w, long block) {
        return Float.float16ToFloat(w.plane(0).get(SHORT, block));
    }

    private static int weight(PackedMatrix w, long block, int i) {
        return (w.plane(0).get(BYTE, block + 2 + i % 16) >> i / 16 * 4 & 15) - 8;
    }
}
