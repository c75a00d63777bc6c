package org.alcove.worker;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.alcove.engine.EngineFactory;
import org.alcove.engine.EngineMemory;
import org.alcove.engine.EngineSettings;
import org.alcove.weights.ModelFile;
import org.alcove.weights.WeightStore;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Predicts what models take, reading the header of each file once as long as it does not change. Thread-safe. */
final class Forecast {

    private static final Logger LOG = LoggerFactory.getLogger(Forecast.class);

    private final WeightStore store;
    private final EngineFactory engines;
    private final Map<Path, Read> reads = new ConcurrentHashMap<>();

    /** What a file said when it was changed last. */
    private record Read(FileTime changed, EngineSettings settings, Optional<EngineMemory> memory) {
    }

    Forecast(WeightStore store, EngineFactory engines) {
        this.store = store;
        this.engines = engines;
    }

    /** What a model would take; empty where its header cannot be read, or no engine could compute it. */
    Optional<EngineMemory> of(Path path, EngineSettings settings) {
        try {
            FileTime changed = Files.getLastModifiedTime(path);
            Read known = reads.get(path);
            if (known == null || !known.changed.equals(changed) || !known.settings.equals(settings)) {
                known = new Read(changed, settings, read(path, settings));
                reads.put(path, known);
            }
            return known.memory;
        } catch (IOException gone) {
            return Optional.empty();
        }
    }

    private Optional<EngineMemory> read(Path path, EngineSettings settings) {
        try {
            ModelFile file = store.describe(path);
            return Optional.of(engines.predict(file, settings));
        } catch (IOException | RuntimeException e) {
            LOG.info("What {} takes of the memory cannot be told beforehand: {}", path, e.getMessage());
            return Optional.empty();
        }
    }
}
