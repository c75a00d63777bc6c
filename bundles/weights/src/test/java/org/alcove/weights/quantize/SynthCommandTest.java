package org.alcove.weights.quantize;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import org.alcove.api.control.Command;
import org.alcove.kernel.asymint4.ReferenceAsymInt4;
import org.alcove.kernel.base.ReferenceBlocks;
import org.alcove.kernel.base.ReferenceDense;
import org.alcove.kernel.symint4.ReferenceSymInt4;
import org.alcove.weights.ModelFile;
import org.alcove.weights.Weights;
import org.alcove.weights.kernels.KernelRegistry;
import org.alcove.weights.store.MappedWeightStore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SynthCommandTest {

    @TempDir
    Path folder;
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final KernelRegistry kernels = KernelRegistry.of(new ReferenceDense(), new ReferenceBlocks(), new ReferenceSymInt4(),
            new ReferenceAsymInt4());
    private final MappedWeightStore store = new MappedWeightStore(kernels);

    private int run(String... arguments) throws IOException {
        return new SynthCommand(kernels).run(List.of(arguments), new Command.Terminal(InputStream.nullInputStream(),
                new PrintStream(new ByteArrayOutputStream()), new PrintStream(err, true, StandardCharsets.UTF_8), false));
    }

    private Path tiny(String type, String name, String seed) throws IOException {
        Path target = folder.resolve(name);
        assertEquals(0, run("--shape", "tiny", "--type", type, target.toString(), "--seed", seed));
        return target;
    }

    @ParameterizedTest
    @CsvSource({"q4_0, Q4_0", "q4_1, Q4_1", "q8_0, Q8_0", "f16, F16"})
    void everyMatrixIsOfTheTypeAskedFor(String type, String expected) throws IOException {
        ModelFile file = store.describe(tiny(type, "m.gguf", "1"));
        assertEquals("llama", file.architecture());
        assertEquals(expected, file.tensors().get("token_embd.weight").type());
        assertEquals(expected, file.tensors().get("blk.3.ffn_down.weight").type());
        assertEquals("F32", file.tensors().get("output_norm.weight").type());
        assertEquals(3 + 4 * 9, file.tensors().size());
    }

    @Test
    void weightsAreSpreadAsTheWidthWantsAndFollowFromTheSeed() throws IOException {
        Path one = tiny("f16", "1.gguf", "1");
        assertArrayEquals(Files.readAllBytes(one), Files.readAllBytes(tiny("f16", "1again.gguf", "1")));
        assertFalse(Arrays.equals(Files.readAllBytes(one), Files.readAllBytes(tiny("f16", "2.gguf", "2"))));
        try (Weights weights = store.open(one)) {
            float[] values = weights.vector("blk.1.attn_q.weight", 256 * 256);
            double sum = 0;
            double squares = 0;
            for (float value : values) {
                sum += value;
                squares += value * value;
            }
            assertEquals(0, sum / values.length, 0.001);
            assertEquals(1.0 / 16, Math.sqrt(squares / values.length), 0.001);
        }
    }

    @Test
    void noTwoTokensAreSpelledAlikeAndEachHasItsKind() throws IOException {
        ModelFile file = store.describe(tiny("q4_0", "m.gguf", "1"));
        List<String> tokens = file.texts("tokenizer.ggml.tokens");
        assertEquals(2048, tokens.size());
        assertEquals(tokens.size(), new HashSet<>(tokens).size());
        assertEquals(tokens.size(), file.integers("tokenizer.ggml.token_type").length);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            out.gguf                                   | --type is missing
            --type q4_0 out.gguf                       | --shape is missing
            --shape tiny --type q4_0                   | OUT.gguf is needed, 0 words are given
            --shape huge --type q4_0 out.gguf          | shape huge is not known; choose one of tiny, llama-1b
            --shape tiny --type q3 out.gguf            | --type q3 is not known
            --shape tiny --type q4_0 a b               | OUT.gguf is needed, 2 words are given
            --shape tiny --type q4_0 a --seed x        | --seed x is no whole number
            --shape tiny --type                        | --type needs a value
            """)
    void wrongArgumentsAreTold(String line, String reason) throws IOException {
        assertEquals(2, run(line.split(" ")));
        assertTrue(err.toString(StandardCharsets.UTF_8).contains(reason), err.toString(StandardCharsets.UTF_8));
    }
}
