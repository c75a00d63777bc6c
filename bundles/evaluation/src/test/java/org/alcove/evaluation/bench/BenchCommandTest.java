package org.alcove.evaluation.bench;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import org.alcove.api.control.Command.Terminal;
import org.alcove.engine.duty.LocalEngineFactory;
import org.alcove.kernel.base.VectorDense;
import org.alcove.weights.kernels.KernelRegistry;
import org.alcove.weights.store.MappedWeightStore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BenchCommandTest {

    /** The one in the box. */
    private static final String MODEL = System.getProperty("alcove.root") + "/distribution/demo-model/alcove-demo.gguf";

    @TempDir
    private Path folder;

    private final MappedWeightStore store = new MappedWeightStore(KernelRegistry.of(new VectorDense()));
    private final BenchCommand command = new BenchCommand(store, new LocalEngineFactory());
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    private int run(String... arguments) throws Exception {
        out.reset();
        return command.run(List.of(arguments), new Terminal(InputStream.nullInputStream(),
                new PrintStream(out, true, StandardCharsets.UTF_8), new PrintStream(err, true, StandardCharsets.UTF_8), false));
    }

    private String printed() {
        return out.toString(StandardCharsets.UTF_8);
    }

    @Test
    void oneLineOfJsonHoldsEveryFigure() throws Exception {
        assertEquals(0, run(MODEL, "--prompt", "8", "--generate", "3", "--parallel", "1,3", "--repeat", "2", "--json"));
        assertEquals(1, printed().lines().count());
        JsonNode json = JsonMapper.builder().build().readTree(printed());
        assertEquals(MODEL, json.path("model").textValue());
        assertEquals(Runtime.getRuntime().availableProcessors(), json.path("threads").intValue());
        assertTrue(json.path("kernels").textValue().contains("f16"), printed());
        assertTrue(json.path("load_ms").doubleValue() > 0, printed());
        assertTrue(json.path("peak_mb").doubleValue() > 10, printed());
        assertEquals(json.path("peak_ops_per_s").doubleValue() > 0, json.path("threads_gain").doubleValue() > 0, printed());
        assertEquals(2, json.path("runs").size());
        JsonNode three = json.path("runs").path(1);
        assertEquals(3, three.path("parallel").intValue());
        assertEquals(8, three.path("prompt").intValue());
        assertEquals(3, three.path("generate").intValue());
        assertTrue(three.path("prefill_tps").doubleValue() > 0, printed());
        assertTrue(three.path("first_token_ms").doubleValue() > 0, printed());
        double steps = three.path("decode_tps").doubleValue() / 3;
        double bytes = ModelCost.of(store.describe(Path.of(MODEL))).bytes();
        assertEquals(steps * bytes / 1e9, three.path("weights_gb_per_s").doubleValue(), 0.01, printed());
        assertEquals(3000, three.path("next_token_ms").doubleValue() * three.path("decode_tps").doubleValue(), 30, printed());
    }

    @Test
    void theTableComparesWithWhatTheMachineCanDoAndTheRoofIsDrawn() throws Exception {
        assertEquals(0, run(MODEL, "--prompt", "4", "--generate", "1", "--parallel", "1", "--repeat", "1", "--threads", "1",
                "--out", folder.toString()));
        assertTrue(printed().contains("alcove-demo.gguf, 1 threads, "), printed());
        assertTrue(printed().lines().reduce((first, last) -> last).orElseThrow().startsWith("| 1 | 4 | "), printed());
        boolean known = MachineLimits.measure(1).isPresent();
        assertEquals(known, printed().contains("Gop/s at best") && printed().contains(" times as many as one thread"), printed());
        assertEquals(known, Files.exists(folder.resolve("roofline.svg")));
    }

    @Test
    void moreTokensThanTheContextHoldsAreRefusedWithBothNumbers() {
        String message = assertThrows(IOException.class, () -> run(MODEL, "--prompt", "5000")).getMessage();
        assertTrue(message.contains("5000") && message.contains("64") && message.contains("1024"), message);
    }

    @Test
    void wrongArgumentsAreToldWithTheUsage() throws Exception {
        for (String[] wrong : new String[][] {{}, {"a", "b"}, {"a", "--parallel", "0"}, {"a", "--parallel", "65"},
            {"a", "--repeat", "0"}, {"a", "--speed", "1"}}) {
            err.reset();
            assertEquals(2, run(wrong), Arrays.toString(wrong));
            assertTrue(err.toString(StandardCharsets.UTF_8).contains("usage: ./alcove bench MODEL"), err.toString());
        }
    }

    @Test
    void limitsAreTheBestOfTwoMeasurementsButTheGainByThreadsTheWorst() {
        assertEquals(new MachineLimits(3, 5, 1.1, "avx2"),
                new MachineLimits(3, 4, 2, "avx2").best(new MachineLimits(2, 5, 1.1, "avx2")));
    }

    @Test
    void mediansAreThoseOfTheRuns() {
        Figures figures = Figures.of(2, 10, 4, List.of(new StreamRun.Timing(1, 2, 8), new StreamRun.Timing(4, 1, 8),
                new StreamRun.Timing(2, 4, 8)));
        assertEquals(new Figures(2, 10, 4, 10, 4, 2000, 500), figures);
    }

    @Test
    void promptsDifferFromStreamToStreamAndRoundToRound() {
        int[] prompt = StreamRun.prompt(6, 1, 2, 32_000);
        assertArrayEquals(prompt, StreamRun.prompt(6, 1, 2, 32_000));
        assertFalse(Arrays.equals(prompt, StreamRun.prompt(6, 2, 2, 32_000)));
        assertFalse(Arrays.equals(prompt, StreamRun.prompt(6, 1, 3, 32_000)));
        assertTrue(Arrays.stream(StreamRun.prompt(500, 1, 2, 8)).allMatch(id -> id >= 4 && id < 8));
    }

    @Test
    void aTokenCostsEveryMatrixButAnEmbeddingThatIsOnlyLookedUp() throws Exception {
        ModelCost cost = ModelCost.of(store.describe(Path.of(MODEL)));
        assertTrue(cost.operations() > cost.readOperations());
        assertTrue(cost.bytes() < Files.size(Path.of(MODEL)));
        assertTrue(cost.bytes() > 0.9 * Files.size(Path.of(MODEL)) - 1_500_000, "the head is the embedding, or stands beside it");
    }
}
