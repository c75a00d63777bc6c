package org.alcove.engine.duty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Set;
import org.alcove.engine.Engine;
import org.alcove.engine.SequenceRequest;
import org.alcove.engine.TokenEvent.Failed;
import org.alcove.engine.TokenEvent.Fault;
import org.alcove.kernel.base.ReferenceBlocks;
import org.alcove.kernel.base.ReferenceDense;
import org.alcove.weights.kernels.KernelRegistry;
import org.alcove.weights.store.MappedWeightStore;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class TruncatedFileTest {

    @TempDir
    private Path folder;

    /** Computed in Java, so that without the look before each step the test would fail and not end its process. */
    @Test
    void aModelWhoseFileWasCutShortFailsItsRequestsWithBothSizes() throws Exception {
        Path model = Files.copy(Path.of(System.getProperty("alcove.root"), "distribution/demo-model/alcove-demo.gguf"),
                folder.resolve("model.gguf"));
        MappedWeightStore store = new MappedWeightStore(KernelRegistry.of(new ReferenceDense(), new ReferenceBlocks()));
        SequenceRequest request = SequenceRequest.of(new int[] {5, 6, 7}, Engines.sampling(1), 2, Set.of());
        try (Engine engine = Engines.open(store.open(model), Engines.SETTINGS)) {
            assertEquals(2, Answers.ids(engine.submit(request)).length);
            long size = Files.size(model);
            Files.write(model, new byte[100]);
            for (int i = 0; i < 2; i++) {
                Failed failed = assertInstanceOf(Failed.class, engine.submit(request).next());
                assertEquals(Fault.INTERNAL, failed.fault());
                assertTrue(failed.message().contains(size + " bytes when it was opened, and now has 100"), failed.message());
            }
        }
    }
}
