package org.alcove.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Instant;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class FigureFileTest {

    private static final int HEAD = 8;

    @TempDir
    Path folder;

    private Path file;

    @BeforeEach
    void name() {
        file = folder.resolve("admin").resolve("figures");
    }

    private static Point span(int number) {
        return new Point(Instant.ofEpochMilli(1000L * number), 10, new Point.Requests(number, 1, 2, 3.5, 2.5, 4, 5),
                new Point.Levels(1, 2, 3, 4, 5, 6, 7, 8));
    }

    private static List<Point> spans(int from, int to) {
        return IntStream.rangeClosed(from, to).mapToObj(FigureFileTest::span).toList();
    }

    private void write(int from, int to) throws IOException {
        try (FigureFile open = new FigureFile(file, 10)) {
            spans(from, to).forEach(open::add);
        }
    }

    @Test
    void whatWasWrittenIsReadAgainAndGoneOnWith() throws IOException {
        assertEquals(List.of(), new FigureFile(file, 10).kept());
        write(1, 3);
        write(4, 5);
        assertEquals(spans(1, 5), new FigureFile(file, 10).kept());
        assertEquals(HEAD + 5 * FigureFile.RECORD, Files.size(file));
        assertEquals(140, FigureFile.RECORD);
    }

    @Test
    void aRecordThatACrashCutOffIsToldAndWrittenOver() throws IOException {
        for (int left = 1; left < FigureFile.RECORD; left += 23) {
            Files.deleteIfExists(file);
            write(1, 3);
            byte[] bytes = Files.readAllBytes(file);
            Files.write(file, Arrays.copyOf(bytes, HEAD + 2 * FigureFile.RECORD + left));
            FigureFile cut = new FigureFile(file, 10);
            assertEquals(spans(1, 2), cut.kept());
            assertEquals(1, cut.damaged());
            write(4, 4);
            FigureFile again = new FigureFile(file, 10);
            assertEquals(List.of(span(1), span(2), span(4)), again.kept());
            assertEquals(0, again.damaged());
        }
    }

    @Test
    void aDamagedRecordIsPassedOver() throws IOException {
        write(1, 4);
        byte[] bytes = Files.readAllBytes(file);
        bytes[HEAD + FigureFile.RECORD + 20] ^= 1;
        Files.write(file, bytes);
        FigureFile damaged = new FigureFile(file, 10);
        assertEquals(List.of(span(1), span(3), span(4)), damaged.kept());
        assertEquals(1, damaged.damaged());
    }

    @Test
    void theFileIsBounded() throws IOException {
        long largest = 0;
        try (FigureFile open = new FigureFile(file, 10)) {
            for (Point span : spans(1, 95)) {
                open.add(span);
                largest = Math.max(largest, Files.size(file));
            }
        }
        assertEquals(HEAD + 20L * FigureFile.RECORD, largest);
        List<Point> kept = new FigureFile(file, 10).kept();
        assertEquals(span(95), kept.getLast());
        assertTrue(kept.size() >= 10 && kept.containsAll(spans(86, 95)), kept.size() + " spans");
        write(96, 110);
        assertTrue(new FigureFile(file, 10).kept().containsAll(spans(101, 110)));
    }

    @Test
    void whatIsNoFileOfFiguresIsKeptAside() throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, "something else");
        assertEquals(List.of(), new FigureFile(file, 10).kept());
        write(1, 1);
        assertEquals(List.of(span(1)), new FigureFile(file, 10).kept());
        try (var all = Files.list(file.getParent())) {
            assertTrue(all.anyMatch(path -> path.getFileName().toString().startsWith("figures-")));
        }
    }

    @Test
    void whereItCannotBeWrittenNothingElseFails() throws IOException {
        Files.writeString(folder.resolve("admin"), "a file where the folder should be", StandardOpenOption.CREATE);
        write(1, 2);
        assertEquals(List.of(), new FigureFile(file, 10).kept());
    }
}
