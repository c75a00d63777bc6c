package org.alcove.worker;

import java.time.InstantSource;
import org.alcove.engine.EngineFactory;
import org.alcove.tokenizer.Tokenizers;
import org.alcove.weights.WeightStore;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;

/** The rooms that loading a model goes through. A service of this bundle alone. */
@Component(service = LoadingRooms.class)
public final class LoadingRooms {

    private final WeightStore store;
    private final Tokenizers tokenizers;
    private final EngineFactory engines;
    private final TemplateRegistry templates;
    private final Rehearsals rehearsals;
    private final InstantSource clock;

    @Activate
    public LoadingRooms(@Reference WeightStore store, @Reference Tokenizers tokenizers, @Reference EngineFactory engines,
            @Reference TemplateRegistry templates, @Reference Rehearsals rehearsals) {
        this(store, tokenizers, engines, templates, rehearsals, InstantSource.system());
    }

    LoadingRooms(WeightStore store, Tokenizers tokenizers, EngineFactory engines, TemplateRegistry templates,
            Rehearsals rehearsals, InstantSource clock) {
        this.store = store;
        this.tokenizers = tokenizers;
        this.engines = engines;
        this.templates = templates;
        this.rehearsals = rehearsals;
        this.clock = clock;
    }

    WeightStore store() {
        return store;
    }

    Tokenizers tokenizers() {
        return tokenizers;
    }

    EngineFactory engines() {
        return engines;
    }

    TemplateRegistry templates() {
        return templates;
    }

    Rehearsals rehearsals() {
        return rehearsals;
    }

    InstantSource clock() {
        return clock;
    }
}
