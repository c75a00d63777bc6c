package org.alcove.weights.quantize;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A process that is told to end while it writes models. */
@Timeout(60)
class StoppedProcessTest {

    private static final String WRITING = "writing";

    @TempDir
    private Path folder;

    /** Writes one file whole, begins another and a folder, and waits for its end. */
    static final class WritingProcess {

        private WritingProcess() {
        }

        public static void main(String[] arguments) throws IOException {
            Path folder = Path.of(arguments[0]);
            try (PartFile whole = new PartFile(folder.resolve("whole.gguf"), 9)) {
                whole.write(0, ByteBuffer.allocate(9));
                whole.complete();
            }
            try (PartFile file = new PartFile(folder.resolve("big.gguf"), 9);
                    PartFolder model = new PartFolder(folder.resolve("big"), 9)) {
                file.write(0, ByteBuffer.allocate(9));
                model.write("config.json", new byte[9]);
                System.out.println(WRITING);
                System.in.read();
            }
        }
    }

    @Test
    void whatIsNotWholeIsDeletedAndToldInOneLineEach() throws Exception {
        Process process = new ProcessBuilder(Path.of(System.getProperty("java.home"), "bin", "java").toString(), "-cp",
                System.getProperty("java.class.path"), WritingProcess.class.getName(), folder.toString()).start();
        try (BufferedReader says = process.inputReader(StandardCharsets.UTF_8);
                BufferedReader tells = process.errorReader(StandardCharsets.UTF_8)) {
            assertEquals(WRITING, says.readLine());
            assertEquals(List.of("big.gguf.part", "big.part", "whole.gguf"), left());
            process.toHandle().destroy();
            assertEquals(List.of(told("big"), told("big.gguf")), tells.lines().sorted().toList());
        } finally {
            process.destroyForcibly().waitFor();
        }
        assertEquals(List.of("whole.gguf"), left());
    }

    @Test
    void whatWasClosedIsNoBusinessOfTheProcessEnd() throws IOException {
        PartName name = new PartName(folder.resolve("m"), 9, () -> { });
        name.begin();
        name.close();
        assertFalse(Runtime.getRuntime().removeShutdownHook(name.end));
    }

    private String told(String name) {
        Path target = folder.resolve(name);
        return "alcove: stopped before " + target + " was whole; " + target + ".part is deleted";
    }

    private List<String> left() throws IOException {
        try (Stream<Path> files = Files.list(folder)) {
            return files.map(file -> file.getFileName().toString()).sorted().toList();
        }
    }
}
