package org.alcove.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import org.alcove.api.control.Quantizer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(300)
class QuantizationCommandsTest {

    @TempDir
    Path folder;

    private final CountDownLatch goOn = new CountDownLatch(1);
    private final FakeAudit audit = new FakeAudit();

    @AfterEach
    void end() {
        goOn.countDown();
    }

    private Quantizer.Report quantize(Quantizer.Order order, Consumer<Quantizer.Progress> progress) throws IOException {
        try {
            goOn.await();
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
        progress.accept(new Quantizer.Progress("a.weight", 1, 2, 4, 8));
        return new Quantizer.Report(List.of(), 8, 4, 1);
    }

    @Test
    void aJobIsBegunListedAndStoppedAndThatIsWrittenDown() throws IOException {
        Files.writeString(folder.resolve("tiny.gguf"), "12345");
        QuantizationDesk desk = new QuantizationDesk(this::quantize,
                new ModelShelf(new FakeConfigurations().admin(), null, folder, folder.resolve("models.json")));
        QuantizationCommands commands = new QuantizationCommands(desk, audit);
        assertEquals("", commands.quantizations());
        assertEquals("q1    running   tiny as small, sym_int4, by the shell  0 of 0 tensors",
                commands.quantizations("begin", "tiny", "small", "sym_int4", "64"));
        assertTrue(commands.quantizations("begin", "tiny", "other", "sym_int4").startsWith("the job q1 is running"));
        assertTrue(commands.quantizations("begin", "tiny", "other", "sym_int4", "33").startsWith("GROUP must be one of 32, 64"));
        assertEquals("there is no such job; the last 20 are remembered", commands.quantizations("stop", "q2"));
        assertTrue(commands.quantizations("stop", "q1").startsWith("q1    running "), "until the tensor it is at is done");
        goOn.countDown();
        while (desk.jobs().getFirst().state() == QuantizationJob.State.RUNNING && !Thread.currentThread().isInterrupted()) {
            Thread.onSpinWait();
        }
        assertEquals("q1    cancelled tiny as small, sym_int4, by the shell  1 of 2 tensors  it was stopped",
                commands.quantizations());
        assertEquals("the job has ended already", commands.quantizations("stop", "q1"));
        assertTrue(commands.quantizations("begin").contains("quantizations begin SOURCE TARGET SCHEME"));
        assertEquals(List.of("the shell shell model.quantize tiny sym_int4 as small done",
                "the shell shell model.quantize tiny sym_int4 as other refused",
                "the shell shell model.quantize tiny sym_int4 as other refused",
                "the shell shell model.quantize.stop q2  refused", "the shell shell model.quantize.stop q1  done",
                "the shell shell model.quantize.stop q1  refused"), audit.lines);
    }
}
