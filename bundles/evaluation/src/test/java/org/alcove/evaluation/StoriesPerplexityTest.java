package org.alcove.evaluation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.alcove.api.control.Command.Terminal;
import org.alcove.engine.duty.LocalEngineFactory;
import org.alcove.kernel.base.VectorDense;
import org.alcove.tokenizer.text.ModelTokenizers;
import org.alcove.weights.kernels.KernelRegistry;
import org.alcove.weights.store.MappedWeightStore;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A real model's figures are those that other programs give for the same file and text. */
class StoriesPerplexityTest {

    private static final Path FOLDER = Path.of(System.getProperty("alcove.shared", "absent"), "data/models/stories260K");
    private static final int SEQUENCE = 200;
    private static final double HALVES = 3.9030;
    private static final double STRIDED = 3.5607;

    @TempDir
    private Path folder;

    private final MappedWeightStore store = new MappedWeightStore(KernelRegistry.of(new VectorDense()));
    private final PerplexityCommand command =
            new PerplexityCommand(store, new ModelTokenizers(), new LocalEngineFactory());

    private static Path model() {
        Path path = FOLDER.resolve("stories260K.gguf");
        Assumptions.assumeTrue(Files.exists(path), () -> path + " is absent: tests of a trained model are skipped");
        return path;
    }

    private Path tale() throws IOException {
        Path text = folder.resolve("tale.txt");
        try (InputStream in = getClass().getResourceAsStream("tale.txt")) {
            Files.copy(in, text);
        }
        return text;
    }

    private String run(String... arguments) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        Terminal terminal = new Terminal(InputStream.nullInputStream(), new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(OutputStream.nullOutputStream()), false);
        assertEquals(0, command.run(List.of(arguments), terminal));
        return out.toString(StandardCharsets.UTF_8);
    }

    private static double figure(String output, String pattern) {
        Matcher matcher = Pattern.compile(pattern).matcher(output);
        assertTrue(matcher.find(), () -> pattern + " is not in " + output);
        return Double.parseDouble(matcher.group(1));
    }

    @Test
    void windowsAsLongAsTheSequencesOfTheCorpusGiveItsKnownPerplexity() throws Exception {
        OpenModel.Opener opener = new OpenModel.Opener(store, new ModelTokenizers(), new LocalEngineFactory());
        try (OpenModel model = opener.open(model(), SEQUENCE, PerplexityRun.AHEAD * SEQUENCE)) {
            int[][] corpus = new ObjectMapper().readValue(FOLDER.resolve("sampled_corpus_ids.json").toFile(), int[][].class);
            int[] tokens = Stream.of(corpus).skip(4).flatMapToInt(Arrays::stream).toArray();
            PerplexityRun run = new PerplexityRun(tokens, new int[0]);
            run.score(model.engine(), Windows.STRIDED.cut(tokens.length, SEQUENCE, SEQUENCE), (done, all) -> { });
            assertEquals(6 * (SEQUENCE - 1), run.perplexity().count());
            assertEquals(3.776, run.perplexity().value(), 0.0006);
        }
    }

    /** What llama.cpp computes of the same windows, by node-llama-cpp 3.22.1; its KV cache has 16 bits, ours 32. */
    @Test
    void bothKindsOfWindowsGiveTheFiguresOfLlamaCpp() throws Exception {
        String model = model().toString();
        String text = tale().toString();
        String halves = run(model, text, "--context", "256", "--windows", "halves");
        assertEquals(HALVES, figure(halves, "perplexity +([0-9.]+) "), 0.001 * HALVES);
        String strided = run(model, text, "--context", "256", "--stride", "64");
        assertEquals(STRIDED, figure(strided, "perplexity +([0-9.]+) "), 0.001 * STRIDED);
    }

    @Test
    void aModelHasTheSamePredictionsAsItself() throws Exception {
        String model = model().toString();
        String output = run(model, tale().toString(), "--context", "128", "--against", model);
        assertTrue(output.contains("the model is +0.00 %"), output);
        assertTrue(output.contains("mean 0.000000, 99 % below 0.000000 nats"), output);
        assertTrue(output.contains("same top token   100.00 %"), output);
    }

    @Test
    void aTextThatFillsNoWindowIsRefusedWithBothNumbers() throws Exception {
        String model = model().toString();
        Path text = folder.resolve("short.txt");
        Files.writeString(text, "Once upon a time");
        IOException failure = assertThrows(IOException.class,
                () -> run(model, text.toString(), "--context", "64", "--windows", "halves"));
        assertEquals(text + " has 5 tokens, at least 64 are needed; give a longer text or a shorter --context",
                failure.getMessage());
    }

    @Test
    void aContextLongerThanTheModelsIsRefusedWithBothNumbers() throws Exception {
        String model = model().toString();
        String text = tale().toString();
        IOException failure = assertThrows(IOException.class, () -> run(model, text, "--context", "1024"));
        assertEquals("--context 1024 is more than the context of " + model + ", 512 tokens", failure.getMessage());
    }
}
