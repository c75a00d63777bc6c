package org.alcove.worker;

import java.io.IOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentHashMap;
import org.alcove.api.worker.SamplingDefaults;
import org.alcove.engine.EngineFactory;
import org.alcove.engine.EngineMemory;
import org.alcove.engine.EngineSettings;
import org.alcove.weights.KeyPlace;
import org.alcove.weights.ModelFile;
import org.alcove.weights.WeightStore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Predicts what models take, and tells how their tokens should be chosen, reading the header of each model once as long as none
 * of its files changes. Of a sealed model it reads the header in it where the key is a file; nobody else is asked for a key
 * beforehand, so that only the opened model counts then, whose size the sealed file says by itself. Thread-safe.
 */
final class Forecast {

    private static final Logger LOG = LoggerFactory.getLogger(Forecast.class);

    private final WeightStore store;
    private final EngineFactory engines;
    private final Map<Asked, Told> told = new ConcurrentHashMap<>();

    private record Asked(Path path, String key, EngineSettings settings) {
    }

    /** What a model said in that state. */
    private record Told(ModelState state, Optional<EngineMemory> memory, Optional<SamplingDefaults> sampling) {
    }

    Forecast(WeightStore store, EngineFactory engines) {
        this.store = store;
        this.engines = engines;
    }

    /**
     * What a model would take; empty where its header cannot be read, or no engine could compute it.
     *
     * @param key where the key of a sealed model is, as {@link KeyPlace#of} reads it; empty where nobody says
     */
    Optional<EngineMemory> of(Path path, String key, EngineSettings settings) {
        return told(path, key, settings).flatMap(Told::memory);
    }

    /** What its file recommends where a request does not say it; empty where its header cannot be read beforehand. */
    Optional<SamplingDefaults> sampling(Path path, String key, EngineSettings settings) {
        return told(path, key, settings).flatMap(Told::sampling);
    }

    private Optional<Told> told(Path path, String key, EngineSettings settings) {
        try {
            ModelState state = ModelState.of(path);
            Asked asked = new Asked(path, key, settings);
            Told known = told.get(asked);
            if (known == null || !known.state.equals(state)) {
                known = read(state, path, key, settings);
                told.put(asked, known);
            }
            return Optional.of(known);
        } catch (IOException gone) {
            return Optional.empty();
        }
    }

    private Told read(ModelState state, Path path, String key, EngineSettings settings) {
        Optional<SamplingDefaults> sampling = Optional.empty();
        try {
            OptionalLong sealed = store.sealedBytes(path);
            if (sealed.isEmpty()) {
                ModelFile file = store.describe(path);
                sampling = Optional.of(RecommendedSampling.of(file));
                return new Told(state, Optional.of(engines.predict(file, settings)), sampling);
            }
            return opened(state, path, key, settings, sealed.getAsLong());
        } catch (IOException | RuntimeException e) {
            LOG.info("What {} takes of the memory cannot be told beforehand: {}", path, e.getMessage());
            return new Told(state, Optional.empty(), sampling);
        }
    }

    /** Of a sealed model the whole file is in memory, not only its tensors. */
    private Told opened(ModelState state, Path path, String key, EngineSettings settings, long bytes) {
        Optional<SamplingDefaults> sampling = Optional.empty();
        try {
            if (KeyPlace.of(key) instanceof KeyPlace.InFile place) {
                ModelFile file = store.describe(path, place);
                sampling = Optional.of(RecommendedSampling.of(file));
                EngineMemory inside = engines.predict(file, settings);
                return new Told(state, Optional.of(new EngineMemory(Math.max(bytes, inside.weights()), inside.cache(),
                        inside.buffers(), inside.copies())), sampling);
            }
            LOG.info("{} is sealed, and its key is not in a file: it is counted with the {} bytes that it takes when opened, and"
                    + " without its KV cache", path, bytes);
        } catch (IOException | RuntimeException e) {
            LOG.info("{} is sealed, and counted with the {} bytes that it takes when opened; more cannot be told beforehand: {}",
                    path, bytes, e.getMessage());
        }
        return new Told(state, Optional.of(new EngineMemory(bytes, 0, 0, 0)), sampling);
    }
}
