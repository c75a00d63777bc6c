package org.alcove.tokenizer.text;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.alcove.api.control.Command;
import org.alcove.tokenizer.Tokenizer;
import org.alcove.weights.KeyPlace;
import org.alcove.weights.ModelFile;
import org.alcove.weights.ModelFormatException;
import org.alcove.weights.WeightStore;
import org.alcove.weights.Weights;
import org.alcove.weights.checkpoint.DescribedModel;
import org.alcove.weights.gguf.GgufReader;
import org.junit.jupiter.api.Test;

class TokenizeCommandTest {
    private static final Map<String, Tokenizer> OPENED = new HashMap<>();

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    private final WeightStore store = new WeightStore() {
        @Override
        public ModelFile describe(Path path, KeyPlace key) throws IOException {
            return new DescribedModel(GgufReader.read(path));
        }

        @Override
        public Weights open(Path path, KeyPlace key) {
            throw new UnsupportedOperationException("tokenizing needs no weights");
        }
    };

    /** Opened once: what is tested here is the command. */
    private static Tokenizer opened(ModelFile model) throws ModelFormatException {
        Tokenizer known = OPENED.get(model.name());
        if (known == null) {
            known = new ModelTokenizers().open(model);
            OPENED.put(model.name(), known);
        }
        return known;
    }

    private int run(byte[] input, String... arguments) throws Exception {
        out.reset();
        err.reset();
        return new TokenizeCommand(store, TokenizeCommandTest::opened).run(List.of(arguments), new Command.Terminal(
                new ByteArrayInputStream(input), new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8), false));
    }

    private int run(String input, String... arguments) throws Exception {
        return run(input.getBytes(StandardCharsets.UTF_8), arguments);
    }

    private static String model(String name) {
        return SharedVocabulary.shared(Path.of("vocab", "ggml-vocab-" + name + ".gguf")).toString();
    }

    private String output() {
        return out.toString(StandardCharsets.UTF_8);
    }

    private void assertComplaint(String expected) {
        String complaint = err.toString(StandardCharsets.UTF_8);
        assertTrue(complaint.contains(expected), complaint);
        assertEquals("", output());
    }

    @Test
    void textBecomesIdsOnOneLineAndIdsBecomeText() throws Exception {
        String text = "Hello, y'all!\nHow are you \uD83D\uDE01 ?\n";
        for (String name : List.of("llama-spm", "gpt-2", "starcoder")) {
            assertEquals(0, run(text, model(name)));
            String ids = output();
            assertTrue(ids.matches("[0-9]+( [0-9]+)*\\R"), ids);
            assertEquals(0, run(ids, model(name), "--decode"));
            assertEquals(text, output());
        }
        assertEquals(0, run("", model("gpt-2")));
        assertEquals(System.lineSeparator(), output());
        assertEquals(0, run("", model("gpt-2"), "--decode"));
        assertEquals("", output());
    }

    @Test
    void controlSpellingsCountOnlyWhenAskedFor() throws Exception {
        assertEquals(0, run("<|endoftext|>", model("gpt-2")));
        assertTrue(output().strip().split(" ").length > 1);
        assertEquals(0, run("<|endoftext|>", model("gpt-2"), "--control"));
        assertEquals("50256", output().strip());
    }

    @Test
    void wrongArgumentsAreExplained() throws Exception {
        assertEquals(2, run(""));
        assertComplaint("MODEL is needed, 0 words are given");
        assertEquals(2, run("", "a", "b"));
        assertEquals(2, run("", "a", "--loud"));
        assertComplaint("there is no flag --loud");
        assertEquals(2, run("", "a", "--decode", "--control"));
    }

    @Test
    void badInputIsExplained() throws Exception {
        assertEquals(1, run("x", "/no/such/file.gguf"));
        assertComplaint("/no/such/file.gguf does not exist");
        assertEquals(1, run(new byte[] {'a', 'b', (byte) 0xFF}, model("gpt-2")));
        assertComplaint("byte 2 of 3");
        assertEquals(1, run("1 2 50257", model("gpt-2"), "--decode"));
        assertComplaint("id number 3 is '50257', expected a whole number from 0 to 50256");
        assertEquals(1, run("1 -2", model("gpt-2"), "--decode"));
        assertEquals(1, run("99999999999", model("gpt-2"), "--decode"));
        assertEquals(1, run("one", model("gpt-2"), "--decode"));
        assertComplaint("id number 1 is 'one'");
    }
}
