package org.alcove.worker;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.alcove.api.control.Models;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class KeepingsTest {

    private static final Models.Keeping PINNED = new Models.Keeping(true, OptionalLong.of(60));

    @TempDir
    Path folder;

    @Test
    void whatWasSaidIsReadAgain() {
        new Keepings(folder.resolve("kept-models")).put("a model", PINNED);
        assertEquals(PINNED, new Keepings(folder.resolve("kept-models")).of("a model"));
    }

    @Test
    void whatCannotBeWrittenIsNotSaidAndLeavesNothingBehind() throws IOException {
        Path file = folder.resolve("kept-models");
        Files.createFile(Files.createDirectory(file).resolve("in the way"));
        Keepings keepings = new Keepings(file);
        UncheckedIOException failed = assertThrows(UncheckedIOException.class, () -> keepings.put("m", PINNED));
        assertTrue(failed.getMessage().contains(file.toString()), failed.getMessage());
        assertEquals(Models.Keeping.USUAL, keepings.of("m"));
        try (Stream<Path> left = Files.list(folder)) {
            assertEquals(List.of(file), left.toList());
        }
    }
}
