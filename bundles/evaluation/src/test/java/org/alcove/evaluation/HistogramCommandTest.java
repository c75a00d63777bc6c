package org.alcove.evaluation;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.alcove.api.control.Command.Terminal;
import org.alcove.kernel.base.VectorDense;
import org.alcove.weights.kernels.KernelRegistry;
import org.alcove.weights.store.MappedWeightStore;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HistogramCommandTest {

    private static final Path MODEL =
            Path.of(System.getProperty("alcove.shared", "absent"), "data/models/stories260K/stories260K.gguf");

    @TempDir
    private Path folder;

    @BeforeEach
    void findModel() {
        assumeTrue(Files.exists(MODEL), "SKIPPED: the fixture stories260K.gguf is not here");
    }

    private String failure(Path out) {
        HistogramCommand command = new HistogramCommand(new MappedWeightStore(KernelRegistry.of(new VectorDense())));
        Terminal terminal = new Terminal(System.in, new PrintStream(OutputStream.nullOutputStream()), System.err, false);
        return assertThrows(IOException.class, () -> command.run(
                List.of("blk.0.attn_q.weight", MODEL.toString(), "--out", out.toString()), terminal)).getMessage();
    }

    @Test
    void aFolderThatIsMissingIsTold() {
        Path out = folder.resolve("none/w.svg");
        assertEquals(out + ": there is no folder " + out.getParent() + "; make it first or choose another place", failure(out));
    }

    @Test
    void ofAFullDiskTheChartIsToldAndNothingOfItStays() throws IOException {
        Path full = Path.of("/dev/full");
        assumeTrue(Files.exists(full), "SKIPPED: there is no /dev/full");
        Path out = folder.resolve("w.svg");
        Files.createSymbolicLink(folder.resolve("w.svg.part"), full);
        assertEquals(out + " cannot be written: no space is left on its disk; make room or choose another place", failure(out));
        try (Stream<Path> left = Files.list(folder)) {
            assertEquals(List.of(), left.toList());
        }
    }
}
