package org.alcove.weights.quantize;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.alcove.api.control.Command;
import org.alcove.api.control.Quantizer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class QuantizeCommandTest {

    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final List<Quantizer.Order> orders = new ArrayList<>();
    private boolean failing;

    private int run(boolean interactive, String line) throws IOException {
        Command.Terminal terminal = new Command.Terminal(InputStream.nullInputStream(), stream(out), stream(err), interactive);
        return new QuantizeCommand((order, progress) -> {
            orders.add(order);
            progress.accept(new Quantizer.Progress("blk.0.attn_q.weight", 1, 2, 500, 2000));
            if (failing) {
                throw new IOException("the disk is full");
            }
            progress.accept(new Quantizer.Progress("output.weight", 2, 2, 2000, 2000));
            return new Quantizer.Report(List.of(
                    new Quantizer.Tensor("blk.0.attn_q.weight", "sym_int4", 1500, 300, 0.0125, 0.5, ""),
                    new Quantizer.Tensor("output.weight", "f16", 500, 500, 0, 0, "embedding or head")), 2000, 800, 1.25);
        }).run(line.isEmpty() ? List.of() : List.of(line.split(" ")), terminal);
    }

    private static PrintStream stream(ByteArrayOutputStream bytes) {
        return new PrintStream(bytes, true, StandardCharsets.UTF_8);
    }

    private String said() {
        return err.toString(StandardCharsets.UTF_8);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
            ''                                          | SOURCE and TARGET are needed, 0 words are given
            a --scheme sym_int4                         | SOURCE and TARGET are needed, 1 word is given
            a b c --scheme sym_int4                     | SOURCE and TARGET are needed, 3 words are given
            a b                                         | --scheme is missing
            a b --scheme                                | --scheme needs a value
            a b --scheme int3                           | choose one of sym_int4, asym_int4, sym_int8
            a b --scheme sym_int4 --scheme sym_int8     | --scheme is given twice
            a b --scheme sym_int4 --speed 9             | there is no flag --speed
            a b --scheme sym_int4 --group-size many     | --group-size many is neither a number nor 'channel'
            a b --scheme sym_int4 --group-size 48       | group size 48 is not supported
            a b --scheme sym_int4 --group-size 0        | --group-size 0 is not supported
            a b --scheme sym_int4 --group-size -32      | group size -32 is not supported
            a b --scheme sym_int4 --group-size 64 --format gguf      | GGUF holds groups of 32 only, not 64
            a b --scheme sym_int4 --group-size channel --format gguf | GGUF holds groups of 32 only, not channel
            a b --scheme sym_int4 --format onnx         | --format onnx is not known; choose one of gguf, hf
            a b --scheme sym_int8 --format hf           | sym_int8 is written as GGUF only
            a b --scheme sym_int8 --group-size 128      | sym_int8 is written as GGUF only
            """)
    void badArgumentsEndWithStatusTwoAndSayWhy(String line, String reason) throws IOException {
        assertEquals(2, run(false, line));
        assertTrue(said().startsWith("alcove quantize: ") && said().contains(reason), said());
        assertTrue(said().contains("usage: ./alcove quantize SOURCE TARGET --scheme"), said());
        assertEquals(List.of(), orders);
    }

    @ParameterizedTest
    @CsvSource({"'a b --scheme sym_int4', 32, GGUF", "'a b --scheme sym_int4 --format hf', 32, HF",
        "'--scheme asym_int4 --group-size 128 a b', 128, HF", "'a b --group-size channel --scheme sym_int4', 0, HF"})
    void theContainerFollowsTheGroupSizeUnlessGiven(String line, int group, Quantizer.Container container) throws IOException {
        assertEquals(0, run(false, line));
        Quantizer.Order order = orders.getFirst();
        assertEquals(Path.of("a"), order.source());
        assertEquals(Path.of("b"), order.target());
        assertEquals(group, order.groupSize());
        assertEquals(container, order.container());
    }

    @Test
    void aTerminalSeesABarThatGrows() throws IOException {
        assertEquals(0, run(true, "a b --scheme sym_int4"));
        List<String> states = List.of(said().strip().split("\r"));
        assertEquals("[#######.......................]  25 %  blk.0.attn_q.weight", states.get(0).strip());
        assertEquals("[##############################] 100 %  output.weight", states.get(1).strip());
        assertTrue(said().endsWith(System.lineSeparator()));
    }

    @Test
    void aPipeSeesNoBar() throws IOException {
        run(false, "a b --scheme sym_int4");
        assertEquals("", said());
    }

    @Test
    void theTableNamesEveryTensorAndTheSum() throws IOException {
        run(false, "a b --scheme sym_int4");
        List<String> lines = out.toString(StandardCharsets.UTF_8).lines().toList();
        assertTrue(lines.get(0).matches("tensor +format +bytes before +bytes after +RMSE +max error +note"), lines.get(0));
        assertTrue(lines.get(1).matches("blk.0.attn_q.weight +sym_int4 +1500 +300 +1.250e-02 +5.000e-01 *"), lines.get(1));
        assertTrue(lines.get(2).matches("output.weight +f16 +500 +500 +0.000e.00 +0.000e.00 +embedding or head"), lines.get(2));
        assertEquals("1 of 2 tensors packed, 0.0 MB before, 0.0 MB after (40.0 %), 1.3 s", lines.getLast());
    }

    @Test
    void aFailureBeginsOnALineOfItsOwn() {
        failing = true;
        assertThrows(IOException.class, () -> run(true, "a b --scheme sym_int4"));
        assertTrue(said().endsWith("blk.0.attn_q.weight" + " ".repeat(21) + System.lineSeparator()));
    }
}
