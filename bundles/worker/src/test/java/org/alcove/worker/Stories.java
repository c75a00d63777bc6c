package org.alcove.worker;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import org.alcove.engine.Engine;
import org.alcove.engine.EngineSettings;
import org.alcove.engine.duty.LocalEngineFactory;
import org.alcove.kernel.base.ReferenceDense;
import org.alcove.tokenizer.Tokenizer;
import org.alcove.tokenizer.text.ModelTokenizers;
import org.alcove.weights.Weights;
import org.alcove.weights.kernels.KernelRegistry;
import org.alcove.weights.store.MappedWeightStore;
import org.junit.jupiter.api.Assumptions;

/** The model stories260K over the real engine, tokenizer and weights. */
final class Stories {

    private Stories() {
    }

    /** Where it lies; a test is skipped where it is absent. */
    static Path folder() {
        Path folder = Path.of(System.getProperty("alcove.shared", "absent"), "data", "models", "stories260K");
        Assumptions.assumeTrue(Files.isDirectory(folder), "the model stories260K is absent: " + folder);
        return folder;
    }

    static LoadedModel load(String workerId) throws IOException {
        Weights weights =
                new MappedWeightStore(KernelRegistry.of(new ReferenceDense())).open(folder().resolve("stories260K.gguf"));
        Tokenizer tokenizer = new ModelTokenizers().open(weights.file());
        Engine engine = new LocalEngineFactory().open(weights, EngineSettings.DEFAULT.withThreads(1));
        PromptWriter prompts =
                new PromptWriter(new TemplateRegistry(), weights.file(), tokenizer, PromptWriter.Configured.NONE);
        InstantSource clock = InstantSource.system();
        return new LoadedModel(workerId, engine, tokenizer, prompts, new Admission(8, 8, clock), clock);
    }
}
