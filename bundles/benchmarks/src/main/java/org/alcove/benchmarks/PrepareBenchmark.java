package org.alcove.benchmarks;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** One thread brings activations into the form that a kernel multiplies: int8 and scales, for formats of integers. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class PrepareBenchmark {

    /** One of {@link Kernels}; the program sets all that the machine has. */
    @Param("sym_int4/q4_0-32/reference")
    public String kernel;

    /** Width and hidden width of the llama-1b shape. */
    @Param({"2048", "5632"})
    public int columns;

    /** Rows of activations. */
    @Param({"1", "4", "16", "512"})
    public int tokens;

    private Arena arena;
    private Kernels.Choice choice;
    private MemorySegment activations;
    private MemorySegment prepared;

    /** Makes activations. */
    @Setup
    public void fill() {
        arena = Arena.ofShared();
        choice = Kernels.of(kernel);
        activations = Operands.floats(arena, (long) tokens * columns);
        prepared = arena.allocate(choice.kernel().preparedBytes(tokens, columns, choice.layout()), 64);
    }

    /** Gives memory back. */
    @TearDown
    public void close() {
        arena.close();
    }

    /** All rows. */
    @Benchmark
    public MemorySegment prepare() {
        choice.kernel().prepare(activations, tokens, columns, choice.layout(), prepared);
        return prepared;
    }
}
