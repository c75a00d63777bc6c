package org.alcove.openai;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.alcove.api.control.Models;
import org.alcove.api.worker.Failure;
import org.alcove.api.worker.SamplingDefaults;
import org.osgi.service.component.annotations.Activate;
import org.osgi.service.component.annotations.Component;
import org.osgi.service.component.annotations.Reference;
import org.osgi.service.component.annotations.ReferenceCardinality;
import org.osgi.service.component.annotations.ReferencePolicy;

/** The models of this process that are not loaded; whoever asks for one waits until it is. */
@Component(service = LoadableModels.class)
public final class LoadableModels {

    private static final Duration RETRY = Duration.ofSeconds(5);
    /** A client of a stream hears that its model is loading at least that often. */
    private static final Duration LOOK = Duration.ofSeconds(1);

    @Reference(cardinality = ReferenceCardinality.OPTIONAL, policy = ReferencePolicy.DYNAMIC)
    private volatile Models models;

    @Activate
    public LoadableModels() {
        // The models come by themselves.
    }

    LoadableModels(Models models) {
        this.models = models;
    }

    /** Hears how long its model is being waited for. */
    @FunctionalInterface
    interface Listener {
        void waited(Duration since) throws IOException;
    }

    /** Those that are not loaded, or are coming or going. */
    List<Models.Model> unloaded() {
        Models present = models;
        return present == null ? List.of()
                : present.all().stream().filter(model -> model.state() != Models.State.READY).toList();
    }

    /**
     * How the tokens of a model of this process are chosen where a request does not say it, whether it is loaded or not; empty
     * where nobody knows.
     */
    Optional<SamplingDefaults> sampling(String name) {
        Models present = models;
        return present == null ? Optional.empty()
                : present.all().stream().filter(model -> model.name().equals(name)).findFirst().flatMap(Models.Model::sampling);
    }

    /**
     * Waits until the model of this process is loaded, if there is one: has it loaded if need be. One that cannot be loaded is
     * left to the controller, which tells why.
     *
     * @throws org.alcove.api.worker.RequestException if it may not be loaded, or there is no room
     * @throws ApiException if it takes longer than a request may wait
     */
    void await(String name, Listener listener) throws IOException, InterruptedException {
        Models present = models;
        Optional<Models.Model> found = present == null ? Optional.empty() : present.named(name);
        if (found.isEmpty()) {
            return;
        }
        long start = System.nanoTime();
        Models.Model model = found.get();
        while (model.state() != Models.State.READY && model.state() != Models.State.FAILED) {
            model = model.state() == Models.State.UNLOADED ? present.demand(name) : model;
            Duration since = Duration.ofNanos(System.nanoTime() - start);
            Duration left = present.patience().minus(since);
            if (!left.isPositive()) {
                throw new ApiException(ApiError.of(new Failure.Unavailable(RETRY, "the model " + name + " is being loaded, and"
                        + " is not ready after " + present.patience().toSeconds() + " s; ask again in " + RETRY.toSeconds()
                        + " s")));
            }
            listener.waited(since);
            model = present.await(model, left.compareTo(LOOK) < 0 ? left : LOOK);
        }
    }
}
