package org.alcove.engine.duty;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.alcove.engine.Engine;
import org.alcove.engine.EngineMemory;
import org.alcove.engine.EngineSettings;
import org.alcove.engine.KvType;
import org.alcove.engine.forward.TinyModels;
import org.alcove.engine.memory.MemoryModel;
import org.alcove.engine.memory.MemoryWeights;
import org.alcove.engine.numeric.Tiers;
import org.alcove.kernel.base.ReferenceDense;
import org.alcove.weights.ModelFormatException;
import org.junit.jupiter.api.Test;

class PredictionTest {

    private final LocalEngineFactory factory = new LocalEngineFactory(Tiers.best(), System::nanoTime, StepBudget::of);

    private EngineMemory predicted(MemoryModel model, EngineSettings settings) throws ModelFormatException {
        try (MemoryWeights weights = new MemoryWeights(model, new ReferenceDense())) {
            return factory.predict(weights.file(), settings);
        }
    }

    @Test
    void theCacheIsPredictedToTheByteForEveryTypeAndSize() throws ModelFormatException {
        for (EngineSettings settings : List.of(Engines.SETTINGS, Engines.SETTINGS.withKvType(KvType.INT8),
                Engines.SETTINGS.withKvTokens(64), Engines.SETTINGS.withKvTokens(0))) {
            try (Engine engine = Engines.open(Engines.tiny(), settings)) {
                assertEquals(engine.cacheBytes(), predicted(TinyModels.of("llama"), settings).cache(), settings.toString());
            }
        }
    }

    @Test
    void theWeightsAreTheTensorsOfTheHeaderAndTheTotalIsTheSum() throws ModelFormatException {
        EngineMemory memory = predicted(TinyModels.of("llama"), Engines.SETTINGS);
        try (MemoryWeights weights = new MemoryWeights(TinyModels.of("llama"), new ReferenceDense())) {
            assertEquals(weights.file().tensors().values().stream().mapToLong(tensor -> tensor.bytes()).sum(), memory.weights());
        }
        assertEquals(memory.weights() + memory.cache() + memory.buffers() + memory.copies(), memory.total());
        assertTrue(memory.weights() > 0);
    }

    @Test
    void moreSequencesAndMoreThreadsTakeMoreBuffers() throws ModelFormatException {
        long few = predicted(TinyModels.of("llama"), Engines.SETTINGS).buffers();
        long threads = predicted(TinyModels.of("llama"), Engines.SETTINGS.withThreads(4)).buffers();
        EngineSettings many = new EngineSettings(0, 512, 1, 64, 250, 0, Engines.SETTINGS.readTimeout(),
                Engines.SETTINGS.swapGrace());
        assertTrue(threads > few, threads + " and " + few);
        assertTrue(predicted(TinyModels.of("llama"), many).buffers() > few);
    }

    @Test
    void whatNoEngineCouldComputeIsNotPredicted() {
        String message = assertThrows(ModelFormatException.class,
                () -> predicted(TinyModels.of("gpt2"), Engines.SETTINGS)).getMessage();
        assertTrue(message.contains("gpt2"), message);
    }
}
