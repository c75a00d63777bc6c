package org.alcove.simulation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TraceFileTest {

    @TempDir
    Path folder;

    private Path file(String... lines) throws IOException {
        return Files.write(folder.resolve("trace"), List.of(lines));
    }

    @Test
    void bothFormsOfALineAreRead() throws IOException {
        Trace trace = TraceFile.read(file("arrival_seconds,prompt_tokens,answer_tokens", "# from monday", "100.5, 10, 20", "",
                "{\"arrival_seconds\": 102, \"prompt_tokens\": 0, \"answer_tokens\": 7, \"user\": \"x\"}"));
        assertEquals(List.of(new Arrival(0, 30), new Arrival(1.5, 7)), trace.arrivals());
        assertEquals(0, trace.counted());
    }

    @Test
    void everyBadLineIsToldWithItsNumberAndTheReason() throws IOException {
        Path path = file("1,2", "0,10,x", "{\"arrival_seconds\": 1, \"prompt_tokens\": \"3\"}", "{oops", "5,1,1", "4,1,1",
                "6,-1,1", "7,0,0", "8,1.5,1", "NaN,1,1", "{\"arrival_seconds\": 9, \"prompt_tokens\": 3}", "{} {}", "1,1,1,1");
        String told = assertThrows(IOException.class, () -> TraceFile.read(path)).getMessage();
        assertEquals(List.of(path + " is no trace:",
                "  line 1: has 2 values, 3 are needed: arrival_seconds,prompt_tokens,answer_tokens",
                "  line 2: answer_tokens is no number",
                "  line 3: prompt_tokens is no number",
                "  line 4: is no JSON (column 2)",
                "  line 6: comes at 4.0 s, before the request above it at 5.0 s; sort the file by time",
                "  line 7: prompt_tokens is -1.0, expected a whole number, not negative",
                "  line 8: has no token at all; leave the line out",
                "  line 9: prompt_tokens is 1.5, expected a whole number, not negative",
                "  line 10: arrival_seconds is NaN, expected seconds",
                "  line 11: answer_tokens is missing",
                "  and 2 more lines"), told.lines().toList());
    }

    @Test
    void aTraceOfNoTimeIsRefused() throws IOException {
        for (Path path : List.of(file("1,2,3"), file("# nothing"), file("1,2,3", "1,2,3"))) {
            assertTrue(assertThrows(IOException.class, () -> TraceFile.read(path)).getMessage().contains("at least 2 requests"));
        }
        assertTrue(assertThrows(IOException.class, () -> TraceFile.read(folder.resolve("absent"))).getMessage()
                .contains("there is no trace"));
    }
}
