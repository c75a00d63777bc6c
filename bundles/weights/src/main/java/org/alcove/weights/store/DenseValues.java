package org.alcove.weights.store;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.ByteOrder;
import org.alcove.api.kernel.PackedLayout;
import org.alcove.weights.checkpoint.Layouts;

/** Widens values of dense tensors to float32, exactly. */
final class DenseValues {

    private static final ValueLayout.OfFloat FLOAT = ValueLayout.JAVA_FLOAT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);
    private static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT_UNALIGNED.withOrder(ByteOrder.LITTLE_ENDIAN);

    private DenseValues() {
    }

    /** Writes {@code count} values from index {@code first} on to {@code target}, native byte order. */
    static void widen(PackedLayout layout, MemorySegment source, long first, int count, MemorySegment target) {
        if (layout.equals(Layouts.F32)) {
            MemorySegment.copy(source, FLOAT, 4 * first, target, ValueLayout.JAVA_FLOAT_UNALIGNED, 0, count);
            return;
        }
        boolean half = layout.equals(Layouts.F16);
        for (int i = 0; i < count; i++) {
            short bits = source.getAtIndex(SHORT, first + i);
            target.setAtIndex(ValueLayout.JAVA_FLOAT_UNALIGNED, i,
                    half ? Float.float16ToFloat(bits) : Float.intBitsToFloat(bits << 16));
        }
    }
}
