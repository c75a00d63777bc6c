package org.alcove.weights.quantize;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.alcove.api.kernel.FloatMatrix;
import org.alcove.api.kernel.MatrixShape;
import org.alcove.api.kernel.PackedLayout;
import org.alcove.api.kernel.PackedMatrix;
import org.alcove.api.kernel.RowRange;
import org.alcove.kernel.asymint4.ReferenceAsymInt4;
import org.alcove.weights.checkpoint.Layouts;
import org.alcove.weights.kernels.KernelRegistry;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A matrix of 133 x 16384 is two chunks, the second not a multiple of eight rows. */
class MatrixPackerTest {

    private static final MatrixShape SHAPE = new MatrixShape(133, 16_384);
    private static final PackedLayout LAYOUT = Layouts.packQuantized(false, 1024, Layouts.F16);

    private final ExecutorService threads = Executors.newFixedThreadPool(3);

    @AfterEach
    void end() {
        threads.close();
    }

    private static FloatMatrix waves(int brokenRow) {
        return new FloatMatrix() {
            @Override
            public MatrixShape shape() {
                return SHAPE;
            }

            @Override
            public void read(RowRange rows, MemorySegment target) {
                for (int i = 0; i < rows.size() * SHAPE.columns(); i++) {
                    int row = rows.first() + i / SHAPE.columns();
                    int column = i % SHAPE.columns();
                    float value = row == brokenRow ? Float.NaN : ((row * 17 + column * 31) % 1000 - 300) / (row + 7f);
                    target.setAtIndex(ValueLayout.JAVA_FLOAT, i, value);
                }
            }
        };
    }

    private static List<MemorySegment> planes() {
        List<MemorySegment> planes = new ArrayList<>();
        LAYOUT.planes().forEach(plane -> planes.add(MemorySegment.ofArray(new byte[(int) plane.bytes(SHAPE)])));
        return planes;
    }

    private MatrixPacker.PackingError pack(FloatMatrix source, List<MemorySegment> planes) throws IOException {
        return new MatrixPacker(KernelRegistry.of(new ReferenceAsymInt4()).select(List.of(LAYOUT)), LAYOUT, threads)
                .pack(source, (plane, offset, bytes) ->
                        MemorySegment.copy(bytes, 0, planes.get(plane), offset, bytes.byteSize()));
    }

    @Test
    void chunksOnSeveralThreadsGiveTheBytesOfTheWhole() throws IOException {
        List<MemorySegment> chunked = planes();
        MatrixPacker.PackingError error = pack(waves(-1), chunked);
        List<MemorySegment> whole = planes();
        new ReferenceAsymInt4().pack(waves(-1), new PackedMatrix(LAYOUT, SHAPE, whole));
        for (int i = 0; i < whole.size(); i++) {
            assertArrayEquals(whole.get(i).toArray(ValueLayout.JAVA_BYTE), chunked.get(i).toArray(ValueLayout.JAVA_BYTE));
        }
        MatrixPacker.PackingError again = pack(waves(-1), planes());
        assertEquals(error.rootMeanSquare(), again.rootMeanSquare());
        assertTrue(error.largest() > 0 && error.rootMeanSquare() < error.largest());
    }

    @Test
    void aWeightThatIsNoNumberIsNamedByItsRow() {
        String message =
                assertThrows(IllegalArgumentException.class, () -> pack(waves(131), planes())).getMessage();
        assertTrue(message.contains("row 3") && message.contains("(rows counted from 128)"), message);
    }
}
