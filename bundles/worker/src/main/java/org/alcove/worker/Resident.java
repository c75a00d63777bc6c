package org.alcove.worker;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.alcove.api.control.Models;
import org.alcove.engine.Engine;
import org.alcove.engine.EngineMemory;
import org.alcove.engine.EngineStatus;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A model that a configuration names, in memory or not. Its state is changed under the monitor of its {@link Residence}; what
 * takes long is done by a thread of its own.
 */
final class Resident {

    private static final Logger LOG = LoggerFactory.getLogger(Resident.class);
    private static final Duration LOAD_END = Duration.ofSeconds(30);
    private static final Path MAPS = Path.of("/proc/self/smaps");

    private final LoadingRooms rooms;
    private final ModelLoad.Order order;
    private final ModelWorker worker;
    /** Guarded by the residence. */
    private Models.State state = Models.State.UNLOADED;
    private Instant lastUse = Instant.EPOCH;
    private boolean used;
    private Optional<EngineMemory> predicted = Optional.empty();
    private long held;
    private ModelLoad load;
    private Thread thread;

    Resident(LoadingRooms rooms, ModelLoad.Order order, ModelWorker worker) {
        this.rooms = rooms;
        this.order = order;
        this.worker = worker;
    }

    String name() {
        return order.name();
    }

    /** Empty where the configured path is none, or nothing can be made of the configuration; loading says so. */
    Optional<Path> path() {
        try {
            return order.fault().isPresent() ? Optional.empty() : Optional.of(Path.of(order.path()));
        } catch (InvalidPathException e) {
            return Optional.empty();
        }
    }

    ModelLoad.Order order() {
        return order;
    }

    ModelWorker worker() {
        return worker;
    }

    Models.State state() {
        return state;
    }

    /** When a request was there last; where none was since it was loaded, when that was. */
    Instant lastUse() {
        noteUse();
        return lastUse;
    }

    /** Whether a request came since it was loaded. */
    boolean used() {
        noteUse();
        return used;
    }

    long held() {
        return holds() ? held : 0;
    }

    /** Whether its memory counts. */
    boolean holds() {
        return state == Models.State.LOADING || state == Models.State.READY || state == Models.State.UNLOADING;
    }

    /** Why it is in its state. */
    String reason() {
        return switch (worker.phase()) {
            case ModelWorker.Phase.Absent absent -> absent.reason();
            case ModelWorker.Phase.Loading loading -> loading.reason();
            case ModelWorker.Phase.Broken broken -> broken.reason();
            case ModelWorker.Phase.Loaded loaded -> "";
        };
    }

    /** Whether it answers now. */
    boolean busy() {
        return worker.answering() > 0;
    }

    /** Its worker forgets it with the model. */
    private void noteUse() {
        worker.lastUse().ifPresent(last -> {
            lastUse = last;
            used = true;
        });
    }

    /** Is refused a place in memory. */
    void refused(String why) {
        state = Models.State.UNLOADED;
        worker.enter(new ModelWorker.Phase.Absent(why));
    }

    /**
     * Begins to load, on a thread of its own.
     *
     * @param memory that it is counted with; where nothing is known, with none until it is loaded
     * @param before what is to be done before, without the residence's monitor
     * @param after what is to be done when it is loaded, or is not; told which loading has ended
     */
    void begin(Optional<EngineMemory> memory, Runnable before, Consumer<ModelLoad> after) {
        state = Models.State.LOADING;
        predicted = memory;
        held = memory.map(EngineMemory::total).orElse(0L);
        worker.welcome();
        ModelLoad begun = new ModelLoad(rooms, order, worker);
        load = begun;
        thread = Thread.ofPlatform().daemon().name("alcove-load-" + name()).start(() -> {
            before.run();
            begun.run();
            after.accept(begun);
        });
    }

    /** Loading has ended: how, the worker knows. One that was given up may end after another one has begun, and says nothing. */
    void settle(ModelLoad ended, Instant now) {
        if (ended == load && state == Models.State.LOADING) {
            state = worker.phase() instanceof ModelWorker.Phase.Loaded ? Models.State.READY : Models.State.FAILED;
            lastUse = now;
            used = false;
            if (worker.phase() instanceof ModelWorker.Phase.Loaded loaded) {
                Engine engine = loaded.model().engine();
                held = engine.weightBytes() + engine.cacheBytes() + predicted.map(EngineMemory::buffers).orElse(0L);
            }
        }
    }

    /** Takes no more requests if it has none now; then {@link #free} is to be called. */
    boolean vacate(String why) {
        noteUse();
        boolean gone = state == Models.State.READY && worker.vacate(why);
        state = gone ? Models.State.UNLOADING : state;
        return gone;
    }

    /** Takes no more requests whatever it has; then {@link #end} is to be called. */
    void dismiss() {
        noteUse();
        state = Models.State.UNLOADING;
    }

    /** Its memory is free again. */
    void gone() {
        state = Models.State.UNLOADED;
        load = null;
    }

    /** Frees the memory of a model that has no requests. Without the residence's monitor. */
    void free() {
        ModelLoad last = load;
        if (last != null) {
            last.free();
        }
    }

    /** Ends loading and answers, up to a limit, and frees the memory. Without the residence's monitor. */
    void end(String why) throws InterruptedException {
        ModelLoad last = load;
        if (last == null) {
            return;
        }
        try {
            last.stop();
            thread.interrupt();
            if (!thread.join(LOAD_END)) {
                LOG.warn("Worker {} is still loading after {} s; it frees what it has when that ends", worker.id(),
                        LOAD_END.toSeconds());
            }
            worker.leave();
        } finally {
            last.free();
            worker.enter(new ModelWorker.Phase.Absent(why));
        }
    }

    /** What it takes now; empty where it is not loaded. */
    Optional<Models.Memory> measured() {
        if (!(worker.phase() instanceof ModelWorker.Phase.Loaded loaded)) {
            return Optional.empty();
        }
        Engine engine = loaded.model().engine();
        EngineStatus status = engine.status();
        long cache = status.kvBlocks() == 0 ? 0 : engine.cacheBytes() / status.kvBlocks() * status.kvBlocksUsed();
        return Optional.of(new Models.Memory(path().map(path -> ResidentPages.of(path, MAPS)).orElse(0L), cache, 0, 0));
    }

    static Models.Memory told(EngineMemory memory) {
        return new Models.Memory(memory.weights(), memory.cache(), memory.buffers(), memory.copies());
    }

    /** Names of some, for people. */
    static String names(List<Resident> residents) {
        return String.join(", ", residents.stream().map(Resident::name).toList());
    }
}
