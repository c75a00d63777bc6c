package org.alcove.benchmarks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Collection;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.CommandLineOptions;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/** Every benchmark runs, once. */
class BenchmarksTest {

    @Test
    void everyKernelOfThisMachineMultiplies() throws RunnerException {
        List<String> kernels = Kernels.names(Kernels.tiers());
        assertTrue(kernels.contains("sym_int4/q4_0-32/reference") && kernels.contains("asym_int4/q4_1-32/vector")
                && kernels.contains("f16/f16-1/vector") && kernels.contains("q6_k/q6_k-16/reference"), kernels::toString);
        Collection<RunResult> results = run(MultiplyBenchmark.class, once().param("kernel", kernels.toArray(String[]::new))
                .param("shape", "64x256").param("tokens", "1"));
        assertEquals(kernels.size(), results.size());
    }

    @Test
    void activationsArePrepared() throws RunnerException {
        assertEquals(2, run(PrepareBenchmark.class, once().param("kernel", "sym_int4/q4_0-32/vector").param("columns", "256")
                .param("tokens", "1", "4")).size());
    }

    @Test
    void everyArithmeticOfThisMachineAttends() throws RunnerException {
        List<String> tiers = AttentionBenchmark.tiers();
        assertEquals(3 * tiers.size(), run(AttentionBenchmark.class, once().param("arithmetic", tiers.toArray(String[]::new))
                .param("position", "100").param("tokens", "2")).size());
    }

    @Test
    void aKernelThatIsNotThereIsNamed() {
        String message = assertThrows(IllegalArgumentException.class, () -> Kernels.of("sym_int4/q4_0-32/abacus")).getMessage();
        assertTrue(message.contains("abacus") && message.contains("sym_int4/q4_0-32/reference"), message);
    }

    @Test
    void withoutParametersAllKernelsButTheReferenceAreTimed() throws Exception {
        Collection<String> kernels = Benchmarks.options(new CommandLineOptions("Multiply")).build().getParameter("kernel").get();
        assertTrue(kernels.contains("sym_int4/q4_0-32/vector"), kernels::toString);
        assertTrue(kernels.stream().noneMatch(kernel -> kernel.endsWith("/reference")), kernels::toString);
        assertEquals(List.of("x"), List.copyOf(
                Benchmarks.options(new CommandLineOptions("-p", "kernel=x")).build().getParameter("kernel").get()));
    }

    private static ChainedOptionsBuilder once() {
        return new OptionsBuilder().forks(0).mode(Mode.SingleShotTime).warmupIterations(0).measurementIterations(1)
                .measurementTime(TimeValue.NONE).verbosity(VerboseMode.SILENT).shouldFailOnError(true);
    }

    private static Collection<RunResult> run(Class<?> benchmark, ChainedOptionsBuilder options) throws RunnerException {
        return new Runner(options.include(benchmark.getName()).build()).run();
    }
}
