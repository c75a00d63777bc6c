package org.alcove.shell;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.alcove.api.control.Command;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class CommandRunnerTest {

    private final ByteArrayOutputStream told = new ByteArrayOutputStream();
    private final PrintStream before = System.err;

    @BeforeEach
    void listen() {
        System.setErr(new PrintStream(told, true, StandardCharsets.UTF_8));
    }

    @AfterEach
    void restore() {
        System.setErr(before);
    }

    private int status(Command command) throws Exception {
        CompletableFuture<Integer> exit = new CompletableFuture<>();
        CommandRunner runner = new CommandRunner(Map.entry(
                Map.of(CommandRunner.VERB, "trial", CommandRunner.ARGUMENTS, new String[0]), exit::complete));
        runner.bindCommand(command, Map.of(Command.NAME, "trial"));
        runner.start();
        return exit.get(30, TimeUnit.SECONDS);
    }

    private String told() {
        return told.toString(StandardCharsets.UTF_8);
    }

    @Test
    void theProcessEndsWithTheStatusOfItsCommand() throws Exception {
        assertEquals(0, status((arguments, terminal) -> 0));
        assertEquals(2, status((arguments, terminal) -> 2));
        assertEquals("", told());
    }

    @Test
    void whatACommandThrowsIsToldInOneLine() throws Exception {
        assertEquals(1, status((arguments, terminal) -> {
            throw new IOException("x.gguf is no model");
        }));
        assertEquals("alcove trial: x.gguf is no model\n", told());
    }

    @Test
    void theProcessEndsAfterAnErrorToo() throws Exception {
        assertEquals(1, status((arguments, terminal) -> {
            throw new InternalError("a fault occurred in an unsafe memory access operation");
        }));
        assertEquals("alcove trial: java.lang.InternalError: a fault occurred in an unsafe memory access operation\n", told());
    }

    @Test
    void whoRunsOutOfMemoryIsToldHowMuchThereIsAndHowToGiveMore() throws Exception {
        assertEquals(1, status((arguments, terminal) -> {
            throw new OutOfMemoryError("Java heap space");
        }));
        assertTrue(told().matches("alcove trial: java.lang.OutOfMemoryError: Java heap space; Java takes at most \\d+ MiB here,"
                + " ALCOVE_JAVA_FLAGS=-Xmx… gives it more\n"), told());
    }
}
