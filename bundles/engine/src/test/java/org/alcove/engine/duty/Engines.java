package org.alcove.engine.duty;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Map;
import java.util.OptionalLong;
import java.util.Random;
import java.util.Set;
import java.util.function.LongSupplier;
import org.alcove.api.worker.SamplingParameters;
import org.alcove.engine.Engine;
import org.alcove.engine.EngineSettings;
import org.alcove.engine.SequenceRequest;
import org.alcove.engine.forward.TinyModels;
import org.alcove.engine.memory.MemoryWeights;
import org.alcove.engine.numeric.Tiers;
import org.alcove.kernel.base.ReferenceDense;
import org.alcove.weights.Weights;

/** Engines for tests, most of them of a tiny random model. */
final class Engines {

    static final EngineSettings SETTINGS =
            new EngineSettings(0, 512, 1, 16, 250, 0, Duration.ofSeconds(60), Duration.ofSeconds(60));

    private Engines() {
    }

    static MemoryWeights tiny() {
        return new MemoryWeights(TinyModels.of("llama"), new ReferenceDense());
    }

    static Engine open(Weights weights, EngineSettings settings) {
        return open(weights, settings, System::nanoTime);
    }

    static Engine open(Weights weights, EngineSettings settings, LongSupplier clock) {
        return open(new LocalEngineFactory(Tiers.best(), clock, StepBudget::of), weights, settings);
    }

    /** An engine whose chunks of prompts have random lengths. */
    static Engine openWithRandomChunks(Weights weights, EngineSettings settings, long seed) {
        Random random = new Random(seed);
        return open(new LocalEngineFactory(Tiers.best(), System::nanoTime, any -> new StepBudget(1, 0) {
            @Override
            int tokens(boolean answering) {
                return 1 + random.nextInt(60);
            }
        }), weights, settings);
    }

    private static Engine open(LocalEngineFactory factory, Weights weights, EngineSettings settings) {
        try {
            return factory.open(weights, settings);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static SamplingParameters sampling(long seed) {
        return new SamplingParameters(0.9f, 20, 0.95f, 0.01f, 1.1f, 0.1f, 0.1f, Map.of(3, 0.5f), OptionalLong.of(seed));
    }

    static SequenceRequest request(int promptLength, int answerLength, long seed) {
        int[] prompt = new Random(seed).ints(promptLength, 0, TinyModels.VOCABULARY).toArray();
        return SequenceRequest.of(prompt, sampling(seed), answerLength, Set.of());
    }

    /** What a sequence gives when it is alone. */
    static int[] alone(SequenceRequest request) throws InterruptedException {
        try (Engine engine = open(tiny(), SETTINGS)) {
            return Answers.ids(engine.submit(request));
        }
    }
}
