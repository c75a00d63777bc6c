package org.alcove.engine.duty;

import org.alcove.engine.EngineMemory;
import org.alcove.engine.EngineSettings;
import org.alcove.engine.forward.KvCache;
import org.alcove.engine.forward.ModelShape;
import org.alcove.weights.ModelFile;
import org.alcove.weights.ModelFormatException;

/** Tells from a model's header what an engine for it would allocate, by the sizes that the engine's parts ask for. */
final class Prediction {

    /** A sampler keeps a power and a logit for each id, and a ranking of an id and a value. */
    private static final long SAMPLER_BYTES_AN_ID = 4 + 4 + 8;
    private static final int LOGIT_ROWS = 32;

    private Prediction() {
    }

    /**
     * What an engine would take.
     *
     * @param threads of its team
     */
    static EngineMemory of(ModelFile file, EngineSettings settings, int threads) throws ModelFormatException {
        ModelShape shape = ModelShape.of(file);
        int context = context(settings, shape);
        long cache = CacheSize.blocks(settings, shape, context) * shape.cacheLayout(settings.kvType()).blockBytes();
        return new EngineMemory(EngineMemory.ofWeights(file).weights(), cache, buffers(shape, settings, threads), 0);
    }

    /** Most tokens of a sequence, if the cache has room for them. */
    static int context(EngineSettings settings, ModelShape shape) {
        return settings.contextTokens() > 0 ? Math.min(settings.contextTokens(), shape.context()) : shape.context();
    }

    private static long buffers(ModelShape shape, EngineSettings settings, int threads) {
        long tokens = StepBudget.MOST + (long) settings.maxSequences();
        // x, h and addition; queries and the result of attention; new keys and values; gate and up; a row of the rotation.
        long activations = tokens * (3L * shape.width() + 2L * shape.queryColumns() + 2L * shape.keyColumns()
                + 2L * shape.hidden() + shape.headSize());
        // Prepared activations are a byte and a little for each number, for each of three products side by side.
        long prepared = tokens * Math.max(shape.hidden(), 3L * Math.max(shape.width(), shape.queryColumns())) * 5 / 4;
        long keysOfATile = 4L * threads * KvCache.BLOCK * shape.headSize() * 2;
        return 4 * activations + prepared + keysOfATile
                + shape.vocabulary() * (4L * LOGIT_ROWS + SAMPLER_BYTES_AN_ID * threads);
    }
}
