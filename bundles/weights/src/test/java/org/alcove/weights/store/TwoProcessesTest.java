package org.alcove.weights.store;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.alcove.weights.Weights;
import org.alcove.weights.kernels.KernelRegistry;
import org.alcove.weights.sample.GgufSample;
import org.alcove.weights.sample.InterleavingKernel;
import org.alcove.weights.store.InterleavedCopies.CopySettings;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The folder of copies between two processes, the other of which is in the midst of writing a copy. */
@Timeout(300)
class TwoProcessesTest {

    private static final String PART = CopyFile.SUFFIX + ".part";

    @TempDir
    private Path folder;
    private Path model;
    private Path copies;
    private Process other;
    private BufferedReader says;
    private final InterleavingKernel kernel = new InterleavingKernel();

    @BeforeEach
    void anotherProcessIsWriting() throws IOException {
        model = folder.resolve("model.gguf");
        copies = folder.resolve("copies");
        GgufSample.of("llama").floats("m", 8, 21).floats("n", 8, 3).write(model);
        other = CopyingProcess.start(model, copies);
        says = other.inputReader(StandardCharsets.UTF_8);
        assertEquals(CopyingProcess.WRITING, says.readLine());
        assertEquals(1, count(PART));
        assertEquals(0, count(CopyFile.SUFFIX));
    }

    @AfterEach
    void endIt() throws InterruptedException {
        other.destroyForcibly().waitFor();
    }

    @Test
    void oneWritesTheCopyAndTheOtherWaitsForItAndMapsTheSameFile() throws Exception {
        InterleavedCopies making = making();
        try (Weights weights = open(making)) {
            weights.hasten();
            awaitWaiting();
            assertEquals(0, kernel.repacked.get(), "the other process holds the lock");
            other.outputWriter().write('\n');
            other.outputWriter().flush();
            assertEquals(CopyingProcess.DONE, says.readLine());
            assertEquals(0, other.waitFor());
            making.await();
            assertEquals(0, kernel.repacked.get(), "the other process has written it all");
            assertTrue(maps(file(CopyFile.SUFFIX)), "this process uses what the other wrote");
        }
        assertEquals(0, count(PART));
    }

    @Test
    void aWriterThatIsKilledLeavesAPartThatTheNextReplaces() throws Exception {
        other.destroyForcibly().waitFor();
        byte[] left = Files.readAllBytes(file(PART));
        InterleavedCopies making = making();
        try (Weights weights = open(making)) {
            weights.hasten();
            making.await();
            assertTrue(kernel.repacked.get() > 0, "nothing of the part is used");
            assertTrue(maps(file(CopyFile.SUFFIX)));
        }
        assertEquals(0, count(PART));
        assertFalse(Arrays.equals(left, Files.readAllBytes(file(CopyFile.SUFFIX))), "the part was not whole");
    }

    @Test
    void thePartOfAnotherModelStaysWhileItIsWrittenAndGoesWhenItsWriterIsKilled() throws Exception {
        model = GgufSample.of("llama").floats("other", 8, 21).write(folder.resolve("other.gguf"));
        copy();
        assertEquals(1, count(PART), "its writer holds the lock");
        other.destroyForcibly().waitFor();
        copy();
        assertEquals(0, count(PART));
        assertEquals(1, count(CopyFile.SUFFIX));
    }

    private void copy() throws Exception {
        InterleavedCopies making = making();
        try (Weights weights = open(making)) {
            weights.hasten();
            making.await();
        }
    }

    private InterleavedCopies making() {
        return new InterleavedCopies(new CopySettings(true, copies, 1 << 20, 0, 0), () -> 1 << 20);
    }

    private Weights open(InterleavedCopies making) throws IOException {
        return new MappedWeightStore(KernelRegistry.of(kernel), making).open(model);
    }

    /** Until this process stands before the lock; without a lock it would end, or write, instead. */
    private void awaitWaiting() {
        for (boolean waits = false; !waits; ) {
            for (Map.Entry<Thread, StackTraceElement[]> thread : Thread.getAllStackTraces().entrySet()) {
                waits |= thread.getKey().getName().startsWith("alcove-copy") && Arrays.stream(thread.getValue())
                        .anyMatch(frame -> frame.getMethodName().equals("lock0"));
            }
            assertEquals(0, kernel.repacked.get(), "the other process is writing");
            // Those who copy have the lowest priority, and get nothing beside one that spins.
            LockSupport.parkNanos(1_000_000);
        }
    }

    private static boolean maps(Path file) throws IOException {
        Path maps = Path.of("/proc/self/maps");
        return !Files.isReadable(maps) || Files.readString(maps).contains(file.toRealPath().toString());
    }

    private Path file(String suffix) throws IOException {
        return files(suffix).getFirst();
    }

    private int count(String suffix) throws IOException {
        return files(suffix).size();
    }

    private List<Path> files(String suffix) throws IOException {
        try (Stream<Path> all = Files.list(copies)) {
            return all.filter(file -> file.toString().endsWith(suffix)).toList();
        }
    }
}
