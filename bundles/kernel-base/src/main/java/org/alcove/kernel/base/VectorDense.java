package org.alcove.kernel.base;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import org.alcove.api.kernel.MatrixShape;
import org.alcove.api.kernel.PackedMatrix;
import org.alcove.api.kernel.QuantizationFormat;
import org.alcove.api.kernel.QuantizationKernel;
import org.alcove.api.kernel.RowRange;
import org.alcove.kernel.base.DenseTiles.Streams;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.propertytypes.SatisfyingConditionTarget;
import org.osgi.service.component.propertytypes.ServiceRanking;

/**
 * Dense weights by the Java Vector API: tiles of four rows by one or four tokens. For more than one token, rows of 16-bit
 * weights are widened to float32 in scratch first, which is exact and paid once for all tokens.
 */
@Component(service = QuantizationKernel.class, property = QuantizationFormat.TIER + "=vector")
@QuantizationFormat({"f32", "f16", "bf16"})
@ServiceRanking(100)
@SatisfyingConditionTarget("(osgi.condition.id=jvm.vector)")
public final class VectorDense extends DenseKernel {

    private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;

    /** Scratch: sums {@code [token][row][16]} of a tile, then the widened rows of a tile. */
    private static final long SUM_BYTES = 64L * DenseTiles.ROWS * DenseTiles.TOKENS;

    @Override
    public void unpack(PackedMatrix source, RowRange rows, MemorySegment target) {
        DenseFormat format = DenseFormat.of(source.layout());
        int columns = source.shape().columns();
        long stride = (long) columns * format.bytes;
        if (format == DenseFormat.F32) {
            MemorySegment.copy(source.plane(0), rows.first() * stride, target, 0, rows.size() * stride);
            return;
        }
        HalfWidener widener = new HalfWidener();
        for (int r = rows.first(); r < rows.end(); r++) {
            widener.widen(format, source.plane(0), r * stride, columns, target, 4L * (r - rows.first()) * columns);
        }
    }

    @Override
    public long scratchBytes(int tokens, MatrixShape shape) {
        return SUM_BYTES + DenseTiles.ROWS * DensePacking.preparedStride(shape.columns());
    }

    @Override
    public void multiply(MemorySegment prepared, int tokens, PackedMatrix weights, RowRange rows, MemorySegment y,
            MemorySegment scratch) {
        Step step = new Step(prepared, tokens, weights, y, scratch, new HalfWidener());
        if (rows.size() < DenseTiles.ROWS) {
            for (int r = rows.first(); r < rows.end(); r++) {
                step.tile(r, 1);
            }
            return;
        }
        for (int r = rows.first(); r < rows.end(); r += DenseTiles.ROWS) {
            // The last tile may overlap the one before: the same sums once more, the same bits.
            step.tile(Math.min(r, rows.end() - DenseTiles.ROWS), DenseTiles.ROWS);
        }
    }

    /** One call of multiply. */
    private record Step(MemorySegment prepared, int tokens, PackedMatrix weights, MemorySegment y, MemorySegment scratch,
            HalfWidener widener) {

        /** Computes {@code count} rows, 4 or 1; one row is computed as four equal ones. */
        void tile(int row, int count) {
            DenseFormat format = DenseFormat.of(weights.layout());
            int columns = weights.shape().columns();
            long rowBytes = (long) columns * format.bytes;
            if (format == DenseFormat.F32 || tokens == 1) {
                Rows inPlace = new Rows(format, weights.plane(0), row * rowBytes, count == 1 ? 0 : rowBytes, columns);
                if (tokens(inPlace, row, count)) {
                    return;
                }
            }
            long stride = DensePacking.preparedStride(columns);
            for (int i = 0; i < count; i++) {
                widener.widen(format, weights.plane(0), (row + i) * rowBytes, columns, scratch, SUM_BYTES + i * stride);
            }
            tokens(new Rows(DenseFormat.F32, scratch, SUM_BYTES, count == 1 ? 0 : stride, columns), row, count);
        }

        /** Multiplies by all tokens; tells whether that went well, which it always does with float32. */
        private boolean tokens(Rows source, int row, int count) {
            int t = 0;
            while (tokens - t >= 2 && tokens >= DenseTiles.TOKENS) {
                t = Math.min(t, tokens - DenseTiles.TOKENS);
                source.multiply(prepared, t, DenseTiles.TOKENS, scratch);
                finish(source, row, count, t, DenseTiles.TOKENS);
                t += DenseTiles.TOKENS;
            }
            for (; t < tokens; t++) {
                if (!source.multiply(prepared, t, 1, scratch)) {
                    return false;
                }
                finish(source, row, count, t, 1);
            }
            return true;
        }

        /** Adds the columns beyond the last whole block to their lanes, then the lanes. */
        private void finish(Rows source, int row, int count, int token, int tokenCount) {
            int columns = source.columns;
            for (int t = 0; t < tokenCount; t++) {
                long x = (token + t) * DensePacking.preparedStride(columns);
                for (int r = 0; r < count; r++) {
                    long sums = 64L * (t * DenseTiles.ROWS + r);
                    for (int c = columns & ~15; c < columns; c++) {
                        long lane = sums + 4 * (c & 15);
                        float w = source.format.read(source.memory, source.at(r, c));
                        scratch.set(FLOAT, lane, Math.fma(prepared.get(FLOAT, x + 4L * c), w, scratch.get(FLOAT, lane)));
                    }
                    y.set(FLOAT, 4 * ((long) (token + t) * weights.shape().rows() + row + r), DenseTiles.tree(scratch, sums));
                }
            }
        }
    }

    /** Four rows of weights, {@code stride} bytes apart. */
    private record Rows(DenseFormat format, MemorySegment memory, long first, long stride, int columns) {

        long at(int row, int column) {
            return first + row * stride + (long) column * format.bytes;
        }

        /** Leaves the sums of {@code count} tokens, 4 or 1, at the start of scratch; tells whether they are good. */
        boolean multiply(MemorySegment prepared, int token, int count, MemorySegment scratch) {
            long tokenStride = DensePacking.preparedStride(columns);
            int rowStep = DenseTiles.WIDE ? 4 : 2;
            int laneStep = DenseTiles.WIDE ? 16 : 2 * DenseTiles.LANES;
            long jump = DenseTiles.WIDE ? 2 * stride : (long) DenseTiles.LANES * format.bytes;
            boolean good = true;
            for (int row = 0; row < DenseTiles.ROWS; row += rowStep) {
                for (int lane = 0; lane < 16; lane += laneStep) {
                    Streams streams = new Streams(memory, at(row, lane), stride, jump, columns >> 4);
                    long x = token * tokenStride + 4L * lane;
                    long sums = 64L * row + 4L * lane;
                    if (count == DenseTiles.TOKENS) {
                        DenseTiles.f32x4(streams, prepared, x, tokenStride, scratch, sums);
                    } else {
                        good &= single(streams, prepared, x, scratch, sums);
                    }
                }
            }
            return good;
        }

        private boolean single(Streams streams, MemorySegment prepared, long x, MemorySegment scratch, long sums) {
            switch (format) {
                case F32 -> DenseTiles.f32(streams, prepared, x, scratch, sums);
                case BF16 -> HalfTiles.bf16(streams, prepared, x, scratch, sums);
                case F16 -> {
                    return HalfTiles.f16(streams, prepared, x, scratch, sums);
                }
            }
            return true;
        }
    }
}
