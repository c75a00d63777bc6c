package org.alcove.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FrameworkStorageTest {

    @TempDir
    Path data;

    private void write() throws IOException {
        Files.writeString(Files.createDirectories(data.resolve("framework/bundle1")).resolve("info"), "old");
    }

    private List<Path> left() throws IOException {
        try (Stream<Path> files = Files.list(data)) {
            return files.toList();
        }
    }

    @Test
    void whatARunLeftIsOutOfTheWayAtOnceAndGoneAfterTheSweep() throws IOException {
        FrameworkStorage storage = FrameworkStorage.in(data);
        write();
        storage.clear();
        assertFalse(Files.exists(storage.folder()));
        write();
        storage.sweep();
        assertEquals(List.of(storage.folder()), left());
        assertTrue(Files.exists(storage.folder().resolve("bundle1/info")));
    }

    @Test
    void runsThatEndedBeforeTheySweptDoNotPileUp() throws IOException {
        for (int i = 0; i < 3; i++) {
            write();
            FrameworkStorage.in(data).clear();
        }
        assertEquals(1, left().size());
        FrameworkStorage.in(data).sweep();
        assertEquals(List.of(), left());
    }

    @Test
    void aFirstRunFindsNothingToClear() throws IOException {
        FrameworkStorage.in(data).clear();
        assertEquals(List.of(), left());
    }
}
