package org.alcove.evaluation.bench;

import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.alcove.nativelibrary.NativeLibrary;
import org.alcove.nativelibrary.ProcessorFlags;

/**
 * What some threads of this machine can do at best.
 *
 * @param readBytes bytes a second that they read from memory together
 * @param operations multiplications and additions of bytes a second, of the widest instruction there is, all threads together
 * @param gain how many times as many that is as one of the threads does alone: fewer than there are threads where they share
 *     cores, which a host may let its virtual machines do for some minutes
 * @param instruction its name
 */
public record MachineLimits(double readBytes, double operations, double gain, String instruction) {

    /** Far more than any cache holds, in bytes, for each thread. */
    private static final long BUFFER = 256L << 20;
    private static final long ROUNDS = 20_000_000;
    private static final int REPEATS = 5;

    private static final FunctionDescriptor READ =
            FunctionDescriptor.of(ValueLayout.JAVA_LONG, ValueLayout.ADDRESS, ValueLayout.JAVA_LONG);
    private static final FunctionDescriptor MULTIPLY =
            FunctionDescriptor.of(ValueLayout.JAVA_LONG, ValueLayout.JAVA_LONG, ValueLayout.ADDRESS);

    /** Libraries with the features each needs, widest first; {@code limits.c} is compiled for each. */
    private static final Map<String, Set<String>> LIBRARIES = new TreeMap<>(Map.of(
            "1 vnni512.so", Set.of("avx512f", "avx512_vnni"), "2 vnni256.so", Set.of("avx2", "avx_vnni"),
            "3 avx2.so", Set.of("avx2")));

    /** Measures; empty where the build had no C compiler or this processor none of the instructions. */
    public static Optional<MachineLimits> measure(int threads) throws IOException, InterruptedException {
        Set<String> features = ProcessorFlags.ofThisMachine();
        for (Map.Entry<String, Set<String>> library : LIBRARIES.entrySet()) {
            String name = library.getKey().substring(2);
            Optional<NativeLibrary> opened = features.containsAll(library.getValue())
                    ? NativeLibrary.open(MachineLimits.class, name) : Optional.empty();
            if (opened.isPresent()) {
                try (NativeLibrary code = opened.get()) {
                    return Optional.of(measure(code, threads, name.replace(".so", "")));
                }
            }
        }
        return Optional.empty();
    }

    /**
     * The better of two measurements, number by number, since a machine that is shared is slow for moments; but the smaller gain,
     * which tells that some of what lies between them may have been slow.
     */
    MachineLimits best(MachineLimits other) {
        return new MachineLimits(Math.max(readBytes, other.readBytes), Math.max(operations, other.operations),
                Math.min(gain, other.gain), instruction);
    }

    private static MachineLimits measure(NativeLibrary code, int threads, String name) throws InterruptedException {
        MethodHandle read = code.function("read_memory", READ);
        MethodHandle multiply = code.function("multiply_bytes", MULTIPLY);
        try (ExecutorService pool = Executors.newFixedThreadPool(threads); Arena arena = Arena.ofShared()) {
            List<MemorySegment> buffers = IntStream.range(0, threads).mapToObj(i -> arena.allocate(BUFFER, 64).fill((byte) i))
                    .toList();
            double bytes = best(pool, buffers, buffer -> (long) call(read, buffer, BUFFER) == 42 ? BUFFER + 1 : BUFFER);
            ToDoubleFunction<MemorySegment> products = buffer -> (long) call(multiply, ROUNDS, buffer);
            double operations = best(pool, buffers, products);
            return new MachineLimits(bytes, operations, operations / best(pool, buffers.subList(0, 1), products), name);
        }
    }

    private static Object call(MethodHandle handle, Object first, Object second) {
        try {
            return handle.invoke(first, second);
        } catch (RuntimeException | Error e) {
            throw e;
        } catch (Throwable e) {
            throw new IllegalStateException(e);
        }
    }

    /** The most that all together did in a second. */
    private static double best(ExecutorService pool, List<MemorySegment> buffers, ToDoubleFunction<MemorySegment> work)
            throws InterruptedException {
        double best = 0;
        for (int i = 0; i < REPEATS; i++) {
            long start = System.nanoTime();
            double done = 0;
            for (Future<Double> part : pool.invokeAll(buffers.stream().map(buffer ->
                    (Callable<Double>) () -> work.applyAsDouble(buffer)).toList())) {
                try {
                    done += part.get();
                } catch (ExecutionException e) {
                    throw new IllegalStateException(e.getCause());
                }
            }
            best = Math.max(best, done * 1e9 / (System.nanoTime() - start));
        }
        return best;
    }
}
