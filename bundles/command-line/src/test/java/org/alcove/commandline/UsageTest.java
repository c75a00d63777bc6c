package org.alcove.commandline;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.alcove.api.control.Command.Terminal;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class UsageTest {

    private enum Colour { RED, DARK_BLUE }

    @TempDir
    private Path folder;

    private final Usage usage = Usage.of("paint", "usage: ./alcove paint", "--size", "--colour", "--out").and("--twice");
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();
    private final Terminal terminal = new Terminal(InputStream.nullInputStream(), new PrintStream(out, true),
            new PrintStream(err, true), false);

    private CommandLine read(String line) {
        return usage.read(line.isEmpty() ? List.of() : List.of(line.split(" ")));
    }

    private static String wrong(Runnable asked) {
        return assertThrows(IllegalArgumentException.class, asked::run).getMessage();
    }

    @Test
    void wordsAndFlagsStandInAnyOrder() {
        CommandLine line = read("a --size 3 b --twice --out x/y");
        assertEquals(List.of("a", "b"), line.words("FROM", "TO"));
        assertEquals(Optional.of(3), line.number("--size", 1, 5));
        assertEquals(Optional.of(Path.of("x/y")), line.path("--out"));
        assertTrue(line.has("--twice"));
        assertFalse(line.has("--colour"));
        assertEquals("green", line.text("--colour", "green"));
    }

    @Test
    void aValueMayLookLikeAFlag() {
        assertEquals("--twice", read("--out --twice").needed("--out"));
    }

    @ParameterizedTest
    @CsvSource({"--lost 1,there is no flag --lost", "--size,--size needs a value", "--size 1 --size 2,--size is given twice",
        "--twice --twice,--twice is given twice"})
    void aLineThatIsWrongSaysHow(String line, String message) {
        assertEquals(message, wrong(() -> read(line)));
    }

    @Test
    void aValueThatIsWrongIsNamedWithWhatWouldBeRight() {
        assertEquals("--size 6 is no whole number from 1 to 5", wrong(() -> read("--size 6").number("--size", 1, 5)));
        assertEquals("--size x is no whole number from 1 to 5", wrong(() -> read("--size x").number("--size", 1, 5)));
        assertEquals("--size NaN is not between 0.5 and 1.0", wrong(() -> read("--size NaN").real("--size", 1, 0.5, 1)));
        assertEquals("--colour pink is not known; choose one of red, dark_blue",
                wrong(() -> read("--colour pink").choice("--colour", Colour.class)));
        assertEquals("--out is missing", wrong(() -> read("").needed("--out")));
        assertEquals("MODEL is needed, 0 words are given", wrong(() -> read("").words("MODEL")));
        assertEquals("FROM and TO are needed, 1 word is given", wrong(() -> read("a").words("FROM", "TO")));
    }

    @Test
    void listsAreReadElementByElement() {
        assertEquals(List.of(1, 2), read("").numbers("--size", "1,2", 1, 5));
        assertArrayEquals(new double[] {0.5, 1}, read("--size 0.5,1").reals("--size", "", 0, 1));
        assertEquals("--size  is no whole number from 1 to 5", wrong(() -> read("--size 1,").numbers("--size", "", 1, 5)));
        assertEquals(Optional.of(Colour.DARK_BLUE), read("--colour dark_blue").choice("--colour", Colour.class));
    }

    @Test
    void helpIsPrintedAndNothingIsDone() throws Exception {
        assertEquals(0, usage.run(List.of("--lost", "--help"), terminal, line -> line, line -> 7));
        assertEquals(usage.text() + System.lineSeparator(), out.toString(StandardCharsets.UTF_8));
    }

    @Test
    void wrongArgumentsAreToldWithTheUsage() throws Exception {
        assertEquals(Usage.MISUSED, usage.run(List.of("--lost"), terminal, line -> line, line -> 7));
        assertEquals("alcove paint: there is no flag --lost" + System.lineSeparator() + usage.text() + System.lineSeparator(),
                err.toString(StandardCharsets.UTF_8));
    }

    @Test
    void theWorkGetsWhatTheArgumentsMeanAndItsFailureIsNotTheirs() throws Exception {
        assertEquals(3, usage.run(List.of("--size", "3"), terminal, line -> line.number("--size", 1, 5).orElseThrow(),
                size -> size));
        assertThrows(IOException.class, () -> usage.run(List.of(), terminal, line -> line, line -> {
            throw new IOException("disk");
        }));
        assertThrows(IllegalArgumentException.class, () -> usage.run(List.of(), terminal, line -> line, line -> {
            throw new IllegalArgumentException("a defect");
        }));
    }

    private String failed(IOException failure) {
        return assertThrows(IOException.class, () -> usage.run(List.of(), terminal, line -> line, line -> {
            throw failure;
        })).getMessage();
    }

    @Test
    void aFailureThatIsNothingButAPathIsToldInWordsThatLeadOn() {
        assertEquals("there is no file " + folder.resolve("a") + "; see how it is spelled",
                failed(new NoSuchFileException(folder.resolve("a").toString())));
        Path lost = folder.resolve("none/a");
        assertEquals(lost + ": there is no folder " + lost.getParent() + "; make it first or choose another place",
                failed(new NoSuchFileException(lost.toString())));
        assertEquals("x/y exists already; delete it or choose another name", failed(new FileAlreadyExistsException("x/y")));
        assertEquals("x/y cannot be read or written by this account; allow it or choose another place",
                failed(new AccessDeniedException("x/y")));
        assertEquals("x/y cannot be written: no space is left on its disk; make room or choose another place",
                failed(new FileSystemException("x/y", null, "No space left on device")));
        assertEquals("x/y: Is a directory", failed(new FileSystemException("x/y", null, "Is a directory")));
    }
}
