package org.alcove.kernel.base;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.alcove.api.kernel.MatrixShape;
import org.alcove.api.kernel.PackedLayout;
import org.alcove.api.kernel.PackedMatrix;
import org.alcove.api.kernel.QuantizationKernel;
import org.alcove.api.kernel.RowRange;
import org.junit.jupiter.api.Test;

/** Starts JVMs without {@code jdk.incubator.vector}: there the Reference kernels must do all of their work. */
class WithoutVectorModuleTest {

    @Test
    void referenceKernelsWorkWithoutTheVectorModule() throws Exception {
        assertEquals("multiplied 9 formats", run("reference"));
    }

    @Test
    void vectorKernelsDoNotSoTheirConditionMustHoldThemBack() throws Exception {
        String output = run("vector");
        assertTrue(output.contains("NoClassDefFoundError: jdk/incubator/vector"), output);
    }

    private static String run(String tier) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1", "-cp", System.getProperty("java.class.path"), WithoutVectorModuleTest.class.getName(),
                tier).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        process.waitFor();
        return output.strip();
    }

    /** Unpacks and multiplies a matrix of zeros in every format. */
    public static void main(String[] arguments) {
        List<QuantizationKernel> kernels = arguments[0].equals("reference")
                ? List.of(new ReferenceDense(), new ReferenceBlocks()) : List.of(new VectorDense(), new VectorBlocks());
        MatrixShape shape = new MatrixShape(2, 256);
        int formats = 0;
        try (Arena arena = Arena.ofConfined()) {
            for (QuantizationKernel kernel : kernels) {
                for (PackedLayout layout : kernel.layouts()) {
                    PackedMatrix matrix = new PackedMatrix(layout, shape, List.of(arena.allocate(layout.bytes(shape))));
                    MemorySegment floats = arena.allocate(4 * shape.size());
                    kernel.unpack(matrix, RowRange.all(shape), floats);
                    MemorySegment prepared = arena.allocate(kernel.preparedBytes(2, 256, layout), 64);
                    kernel.prepare(floats, 2, 256, layout, prepared);
                    kernel.multiply(prepared, 2, matrix, RowRange.all(shape), floats,
                            arena.allocate(kernel.scratchBytes(2, shape), 64));
                    formats += floats.get(ValueLayout.JAVA_FLOAT, 0) == 0 ? 1 : 0;
                }
            }
        }
        System.out.println("multiplied " + formats + " formats");
    }
}
