package org.alcove.api.control;

import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.alcove.api.worker.SamplingDefaults;
import org.osgi.annotation.versioning.ProviderType;

/**
 * The models that this process can serve, loaded or not, and the memory they share. A service. Workers of other processes have
 * their own.
 */
@ProviderType
public interface Models {

    /** All, by name: those of a configuration, and the files of the models folder. */
    List<Model> all();

    /** The model of that name, if there is one. Cheap: what its file's header would tell may be left out. */
    Optional<Model> named(String name);

    /** The memory that models may take together, and take. */
    Budget budget();

    /**
     * A request asks for a model. If it is not loaded and may be loaded on demand, its loading begins; however many ask, it is
     * loaded once. Others that are idle and not pinned may be unloaded for it. Does not wait. One that failed is not tried again.
     *
     * @return how it stands now
     * @throws org.alcove.api.worker.RequestException if there is no such model, it does not fit the budget, or models are not
     *         loaded on demand
     */
    Model demand(String name);

    /**
     * A person asks for a model: as {@link #demand}, whether or not models are loaded on demand, and one that failed is tried
     * again.
     *
     * @throws org.alcove.api.worker.RequestException if there is no such model, or it does not fit the budget
     */
    Model load(String name);

    /**
     * Takes no more requests for a model, lets those that are in end, up to a limit, and frees its memory. Does not wait. Its
     * configuration stays; a request may load it again.
     *
     * @throws org.alcove.api.worker.RequestException if there is no such model
     */
    Model unload(String name);

    /**
     * Says how long a model stays loaded; remembered over restarts.
     *
     * @throws org.alcove.api.worker.RequestException if there is no such model
     * @throws java.io.UncheckedIOException if it cannot be written down; nothing is changed then
     */
    Model keep(String name, Keeping keeping);

    /** How long a request should wait for its model at most. */
    Duration patience();

    /**
     * Waits until a model's state is another one than it was seen in, or so long.
     *
     * @return how it stands now
     * @throws org.alcove.api.worker.RequestException if there is no such model any more
     */
    Model await(Model seen, Duration atMost) throws InterruptedException;

    /** Name of the model in a file or folder, where no configuration gives one: as the file's name tells, without reading it. */
    static String nameOf(Path path) {
        Path last = path.toAbsolutePath().normalize().getFileName();
        return last == null ? "model" : last.toString().replaceFirst("(-\\d{5}-of-\\d{5})?(\\.gguf)?(\\.sealed)?$", "");
    }

    /** How far a model is. */
    enum State {
        /** Not in memory; may be loaded. */
        UNLOADED,
        /** Being loaded. */
        LOADING,
        /** Answers. */
        READY,
        /** Ends its answers, then goes. */
        UNLOADING,
        /** Could not be loaded; the reason says why. */
        FAILED
    }

    /**
     * How long a model stays loaded.
     *
     * @param pinned whether it is never unloaded to make room or for want of use
     * @param keepAliveSeconds after its last use; -1 for ever, 0 for not at all, empty for the server's default
     */
    record Keeping(boolean pinned, OptionalLong keepAliveSeconds) {

        /** Nothing was said. */
        public static final Keeping USUAL = new Keeping(false, OptionalLong.empty());
    }

    /**
     * A model.
     *
     * @param reason why it is in its state, for people; empty where that is plain
     * @param keeping what was said about it
     * @param lastUse when a request of it last ran; empty where it is not loaded
     * @param answering requests it has now
     * @param predicted what it takes when all of it is in use, from the header of its file; empty where that cannot be read
     * @param measured what it takes now, as far as that can be told; empty where it is not loaded
     * @param sampling how its tokens are chosen where a request does not say it, by its configuration and the header of its file;
     *        empty where that cannot be read
     */
    record Model(String name, State state, String reason, Keeping keeping, Optional<Instant> lastUse, int answering,
            Optional<Memory> predicted, Optional<Memory> measured, Optional<SamplingDefaults> sampling) {

        /** A model of which nobody has read how its tokens are chosen. */
        public Model(String name, State state, String reason, Keeping keeping, Optional<Instant> lastUse, int answering,
                Optional<Memory> predicted, Optional<Memory> measured) {
            this(name, state, reason, keeping, lastUse, answering, predicted, measured, Optional.empty());
        }
    }

    /**
     * Bytes.
     *
     * @param weights of the mapped files: all of them where predicted, those in memory where measured
     * @param cache of keys and values: all blocks where predicted, those in use where measured
     * @param buffers of activations; 0 where measured, since it cannot be told apart
     * @param copies of weights that kernels make
     */
    record Memory(long weights, long cache, long buffers, long copies) {

        /** All of it. */
        public long total() {
            return weights + cache + buffers + copies;
        }
    }

    /**
     * Memory that models share.
     *
     * @param bytes they may take
     * @param held of these, taken by models that are loaded or being loaded, as predicted
     */
    record Budget(long bytes, long held) {
    }
}
