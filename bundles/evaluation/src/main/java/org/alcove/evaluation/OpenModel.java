package org.alcove.evaluation;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.alcove.engine.Engine;
import org.alcove.engine.EngineFactory;
import org.alcove.engine.EngineSettings;
import org.alcove.engine.KvType;
import org.alcove.tokenizer.Tokenizer;
import org.alcove.tokenizer.Tokenizers;
import org.alcove.weights.ModelFile;
import org.alcove.weights.WeightStore;
import org.alcove.weights.Weights;

/**
 * A model that is being measured.
 *
 * @param engine computes it
 * @param tokenizer its vocabulary
 */
record OpenModel(Engine engine, Tokenizer tokenizer) implements AutoCloseable {

    /** Who opens models. */
    record Opener(WeightStore store, Tokenizers tokenizers, EngineFactory engines) {

        /** What a model says about itself, without loading it. */
        ModelFile describe(Path path) throws IOException {
            if (!Files.exists(path)) {
                throw new IOException(path + " does not exist; give a GGUF file or a Hugging Face folder");
            }
            return store.describe(path);
        }

        /**
         * Loads a model, with a KV cache of float32: what is evaluated are the weights.
         *
         * @param contextTokens most tokens of a sequence
         * @param kvTokens tokens of all sequences that are computed at the same time
         */
        OpenModel open(Path path, int contextTokens, int kvTokens) throws IOException {
            ModelFile file = describe(path);
            Tokenizer tokenizer = tokenizers.open(file);
            EngineSettings usual = EngineSettings.DEFAULT;
            EngineSettings settings = new EngineSettings(contextTokens, kvTokens, usual.threads(), usual.maxSequences(),
                    usual.stepMillis(), 0, usual.readTimeout(), usual.swapGrace(), KvType.F32, false);
            Weights weights = store.open(path);
            try {
                return new OpenModel(engines.open(weights, settings), tokenizer);
            } catch (IOException | RuntimeException e) {
                weights.close();
                throw e;
            }
        }
    }

    @Override
    public void close() {
        engine.close();
    }
}
