package org.alcove.openai;

import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.alcove.api.control.Controller;
import org.alcove.api.worker.Failure;
import org.alcove.api.worker.GenerateRequest;
import org.alcove.api.worker.Generation;
import org.alcove.api.worker.GenerationEvent;
import org.alcove.api.worker.RequestException;
import org.alcove.web.stopping.InFlight;

/**
 * Runs the generations of one request side by side and hands out their events in one line.
 *
 * <p>Each generation is read by a virtual thread of its own into a short queue: so the one who writes to the client can wait for
 * an event and still ping in time, and a client that reads slowly stops the readers and, through them, the sequences. At most
 * {@value #SIDE_BY_SIDE} run at a time. Where the workers accept the first but no more of them, the next one waits until one of
 * them has ended or it is time to come again, and the rest behind it: a request with many prompts is served by a short queue
 * too.
 *
 * <p>All methods but {@link #cut} belong to the thread that serves the request.
 */
final class ParallelChoices implements InFlight.Answer, AutoCloseable {

    static final int SIDE_BY_SIDE = 8;
    private static final int QUEUED_EVENTS = 16;
    /** A worker may give the place of an answer back a little after its end was read. */
    private static final Duration SOON = Duration.ofMillis(100);
    /** No worker knows so long before when it has room again. */
    private static final Duration LATEST = Duration.ofSeconds(10);
    private static final Event WAKE = new Event(-1, null);

    /** What happened to a choice. */
    record Event(int choice, GenerationEvent event) {
    }

    /** A generation and the thread that reads it. */
    private record Reader(Generation generation, Thread thread) {
    }

    private final Controller controller;
    private final List<GenerateRequest> requests;
    private final Charge charge;
    private final BlockingQueue<Event> events = new ArrayBlockingQueue<>(QUEUED_EVENTS);
    private final Map<Integer, Reader> readers = new ConcurrentHashMap<>();
    private int admitted;
    /** The choice that waits for room, and when to ask again for it; null where none waits. */
    private Controller.Pending pending;
    private long askAgain;
    /** Whether an answer has ended since that choice was last refused. */
    private boolean freed;
    private int ended;
    private volatile Failure cut;
    private volatile boolean closed;

    ParallelChoices(Controller controller, List<GenerateRequest> requests, Charge charge) {
        this.controller = controller;
        this.requests = requests;
        this.charge = charge;
    }

    /**
     * Admits the first choices.
     *
     * @throws RequestException if one of them is refused: that after the {@link #admitted}
     */
    void start() {
        admit();
    }

    /** How many choices were let in. */
    int admitted() {
        return admitted;
    }

    /** Whether every choice has ended. */
    boolean ended() {
        return ended == requests.size();
    }

    /** Whether nothing waits to be handed out. */
    boolean idle() {
        return events.isEmpty();
    }

    /** The place in line of the choice that is taken up first; 0 where one is being computed, or nobody can tell. */
    int placeInLine() {
        return readers.values().stream().mapToInt(reader -> reader.generation().placeInLine()).min().orElse(0);
    }

    /** The next event, or null where none came in time. After a {@link GenerationEvent.Failed} there is nothing to wait for. */
    Event next(Duration wait) throws InterruptedException {
        long end = System.nanoTime() + wait.toNanos();
        Event event = poll(end);
        while (event == null && end - System.nanoTime() > 0) {
            event = admitOrElse(null);
            event = event == null ? poll(end) : event;
        }
        if (cut != null) {
            return new Event(0, new GenerationEvent.Failed(cut));
        }
        if (event != null && event.event() != null) {
            charge.take(event.choice(), event.event());
        }
        if (event != null && event.event() instanceof GenerationEvent.Finished) {
            readers.remove(event.choice());
            ended++;
            freed = true;
            return admitOrElse(event);
        }
        return event;
    }

    /** Waits no longer than until it is worth asking again for a choice that was refused. */
    private Event poll(long end) throws InterruptedException {
        if (cut != null) {
            return WAKE;
        }
        long left = end - System.nanoTime();
        return events.poll(pending == null ? left : Math.min(left, askAgain - System.nanoTime()), TimeUnit.NANOSECONDS);
    }

    private Event admitOrElse(Event event) {
        try {
            admit();
            return event;
        } catch (RequestException refused) {
            return new Event(admitted, new GenerationEvent.Failed(refused.failure()));
        }
    }

    private void admit() {
        boolean room = true;
        while (room && admitted < requests.size() && readers.size() < SIDE_BY_SIDE) {
            Optional<Generation> generation = admitted == 0 ? Optional.of(controller.generate(requests.getFirst())) : further();
            generation.ifPresent(this::begin);
            room = generation.isPresent();
        }
    }

    /** A further choice; empty where the workers have no room for it yet. */
    private Optional<Generation> further() {
        if (pending != null && !freed && System.nanoTime() - askAgain < 0) {
            return Optional.empty();
        }
        pending = pending == null ? controller.prepare(requests.get(admitted)) : pending;
        try {
            Generation generation = pending.generate();
            pending = null;
            return Optional.of(generation);
        } catch (RequestException refused) {
            if (!(refused.failure() instanceof Failure.Overloaded full)) {
                throw refused;
            }
            Duration told = full.retryAfter().compareTo(LATEST) < 0 ? full.retryAfter() : LATEST;
            askAgain = System.nanoTime() + (freed || told.compareTo(SOON) < 0 ? SOON : told).toNanos();
            freed = false;
            return Optional.empty();
        }
    }

    private void begin(Generation generation) {
        int choice = admitted++;
        Thread thread = Thread.ofVirtual().name("openai-answer-" + choice).unstarted(() -> read(choice, generation));
        readers.put(choice, new Reader(generation, thread));
        thread.start();
    }

    private void read(int choice, Generation generation) {
        try (generation) {
            boolean whole = false;
            for (GenerationEvent event = generation.next(); event != null; event = generation.next()) {
                whole |= event instanceof GenerationEvent.Finished || event instanceof GenerationEvent.Failed;
                hand(choice, event);
            }
            if (!whole) {
                fail(choice, "the worker ended the answer without saying why");
            }
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        } catch (RuntimeException fault) {
            Faults.log(requests.get(choice).context().id(), fault);
            fail(choice, "the answer could not be read; the server's log says why under the id "
                    + requests.get(choice).context().id());
        }
    }

    private void fail(int choice, String message) {
        try {
            hand(choice, new GenerationEvent.Failed(new Failure.Internal(message)));
        } catch (InterruptedException stopped) {
            Thread.currentThread().interrupt();
        }
    }

    /** Closing sets the flag before it interrupts: so no reader waits for room in a queue that nobody empties any more. */
    private void hand(int choice, GenerationEvent event) throws InterruptedException {
        if (!closed) {
            events.put(new Event(choice, event));
        }
    }

    /** Ends all choices with a failure. */
    @Override
    public void cut(String reason) {
        cut = new Failure.Unavailable(ApiError.SOON, reason);
        // Where the queue is full the reader of it is awake anyway.
        events.offer(WAKE);
    }

    /** Cancels what still runs. */
    @Override
    public void close() {
        closed = true;
        readers.values().forEach(reader -> {
            reader.thread().interrupt();
            reader.generation().close();
        });
        if (pending != null) {
            pending.close();
        }
    }
}
