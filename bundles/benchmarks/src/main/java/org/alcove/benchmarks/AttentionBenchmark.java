package org.alcove.benchmarks;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.alcove.engine.KvType;
import org.alcove.engine.numeric.Arithmetic;
import org.alcove.engine.numeric.Arithmetics;
import org.alcove.engine.numeric.AttentionStep;
import org.alcove.engine.numeric.KvLayout;
import org.alcove.engine.numeric.Tile;
import org.alcove.nativelibrary.ProcessorFlags;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;

/** One thread computes the attention of one layer of the llama-1b shape, for the last tokens of a sequence. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.MICROSECONDS)
public class AttentionBenchmark {

    private static final int HEADS = 32;
    private static final int KEY_HEADS = 4;
    private static final int HEAD_SIZE = 64;
    /** What each tier waits for, and the features by which the engine chooses it. */
    private static final Map<String, List<String>> TIERS = Map.of("plain", List.of(), "vector", List.of(),
            "avx2", List.of("avx2", "fma", "f16c"),
            "avx512", List.of("avx512f", "avx512bw", "avx512dq", "avx512vl", "fma", "f16c"));

    /** One of {@link #tiers}; the program sets all that the machine has. */
    @Param("plain")
    public String arithmetic;

    /** How the cache keeps keys and values. */
    @Param({"F32", "F16", "INT8"})
    public KvType kvType;

    /** Position of the last token. */
    @Param({"511", "2047"})
    public int position;

    /** Tokens, the last of the sequence: 1 as answers are written, more as prompts are read. */
    @Param({"1", "128"})
    public int tokens;

    private final Arena arena = Arena.ofShared();
    private Arithmetics arithmetics;
    private Arithmetic computing;
    private AttentionStep step;

    /** Tiers that this machine can run. */
    static List<String> tiers() {
        Set<String> present = ProcessorFlags.ofThisMachine();
        return TIERS.keySet().stream().sorted().filter(tier -> present.containsAll(TIERS.get(tier))).toList();
    }

    /** Makes a cache of zeros, and queries. */
    @Setup
    public void fill() {
        if (!tiers().contains(arithmetic)) {
            throw new IllegalArgumentException("this machine has no arithmetic " + arithmetic + "; it has " + tiers());
        }
        arithmetics = new Arithmetics();
        TIERS.get(arithmetic).forEach(feature -> arithmetics.add("cpu." + feature));
        computing = arithmetic.equals("plain") ? Arithmetic.plain() : arithmetic.equals("vector") ? Arithmetic.java()
                : arithmetics.current();
        KvLayout layout = new KvLayout(kvType, 1, KEY_HEADS, HEAD_SIZE);
        step = new AttentionStep(layout, HEADS, Integer.MAX_VALUE, tokens, 1);
        MemorySegment queries = Operands.floats(arena, (long) tokens * HEADS * HEAD_SIZE);
        step.queries().copyFrom(queries.asSlice(0, Math.min(queries.byteSize(), step.queries().byteSize())));
        int[] table = IntStream.rangeClosed(0, position / Tile.KEYS).toArray();
        MemorySegment[] blocks = new MemorySegment[table.length];
        for (int i = 0; i < blocks.length; i++) {
            blocks[i] = arena.allocate(layout.blockBytes(), 64);
        }
        int[][] tables = new int[tokens][];
        int[] positions = new int[tokens];
        for (int i = 0; i < tokens; i++) {
            tables[i] = table;
            positions[i] = position - tokens + 1 + i;
        }
        step.begin(tokens, positions, tables, blocks);
    }

    /** Gives memory back. */
    @TearDown
    public void close() {
        step.close();
        arithmetics.close();
        arena.close();
    }

    /** All units of the step. */
    @Benchmark
    public float attend() {
        computing.attend(step, 0, 0, 0, step.unitAt(step.cost()));
        return step.result().get(ValueLayout.JAVA_FLOAT, 0);
    }
}
