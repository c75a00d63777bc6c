package org.alcove.kernel.base;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import org.alcove.api.kernel.PackedMatrix;
import org.alcove.api.kernel.QuantizationFormat;
import org.alcove.api.kernel.QuantizationKernel;
import org.alcove.api.kernel.RowRange;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.propertytypes.ServiceRanking;

/** Dense weights, plainly: the specification of {@code docs/numerics.md} section 2, one weight after the other. */
@Component(service = QuantizationKernel.class, property = QuantizationFormat.TIER + "=reference")
@QuantizationFormat({"f32", "f16", "bf16"})
@ServiceRanking(0)
public final class ReferenceDense extends DenseKernel {

    private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED;

    @Override
    public void unpack(PackedMatrix source, RowRange rows, MemorySegment target) {
        DensePacking.unpack(source, rows, target);
    }

    @Override
    public void multiply(MemorySegment prepared, int tokens, PackedMatrix weights, RowRange rows, MemorySegment y,
            MemorySegment scratch) {
        DenseFormat format = DenseFormat.of(weights.layout());
        int columns = weights.shape().columns();
        long tokenStride = DensePacking.preparedStride(columns);
        long rowStride = (long) columns * format.bytes;
        float[] lanes = new float[16];
        for (int r = rows.first(); r < rows.end(); r++) {
            for (int t = 0; t < tokens; t++) {
                Arrays.fill(lanes, 0);
                for (int c = 0; c < columns; c++) {
                    float x = prepared.get(FLOAT, t * tokenStride + 4L * c);
                    float w = format.read(weights.plane(0), r * rowStride + (long) c * format.bytes);
                    lanes[c & 15] = Math.fma(x, w, lanes[c & 15]);
                }
                y.set(FLOAT, 4 * ((long) t * weights.shape().rows() + r), sum(lanes));
            }
        }
    }

    /** Adds the lanes as a tree: distance 8, 4, 2, 1. */
    private static float sum(float[] lanes) {
        for (int distance = 8; distance > 0; distance >>= 1) {
            for (int i = 0; i < distance; i++) {
                lanes[i] += lanes[i + distance];
            }
        }
        return lanes[0];
    }
}
