package org.alcove.benchmarks;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.TimeUnit;
import org.alcove.api.kernel.MatrixShape;
import org.alcove.api.kernel.PackedMatrix;
import org.alcove.api.kernel.RowRange;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/**
 * One thread multiplies activations by all rows of a matrix of the llama-1b shape. All but the head, the last of the shapes, stay
 * in the processor's caches: they show the arithmetic, the head the memory.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class MultiplyBenchmark {

    /** One of {@link Kernels}; the program sets all that the machine has. */
    @Param("sym_int4/q4_0-32/reference")
    public String kernel;

    /** Rows by columns: queries, keys, gate, down, head. */
    @Param({"2048x2048", "256x2048", "5632x2048", "2048x5632", "32000x2048"})
    public String shape;

    /** Rows of activations multiplied at once. */
    @Param({"1", "4", "16", "512"})
    public int tokens;

    private Arena arena;
    private Kernels.Choice choice;
    private PackedMatrix weights;
    private MemorySegment prepared;
    private MemorySegment scratch;
    private MemorySegment y;

    /** Packs weights and prepares activations. */
    @Setup
    public void prepare() {
        arena = Arena.ofShared();
        choice = Kernels.of(kernel);
        MatrixShape size = Operands.shape(shape);
        weights = Operands.matrix(arena, choice, size);
        prepared = arena.allocate(choice.kernel().preparedBytes(tokens, size.columns(), choice.layout()), 64);
        choice.kernel().prepare(Operands.floats(arena, (long) tokens * size.columns()), tokens, size.columns(), choice.layout(),
                prepared);
        scratch = arena.allocate(Math.max(64, choice.kernel().scratchBytes(tokens, size)), 64);
        y = arena.allocate(4L * tokens * size.rows(), 64);
    }

    /** Gives memory back. */
    @TearDown
    public void close() {
        arena.close();
    }

    /** One product. */
    @Benchmark
    public MemorySegment multiply() {
        choice.kernel().multiply(prepared, tokens, weights, RowRange.all(weights.shape()), y, scratch);
        return y;
    }
}
