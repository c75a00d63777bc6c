package org.alcove.engine.duty;

import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.LongSupplier;
import org.alcove.engine.Engine;
import org.alcove.engine.EngineSettings;
import org.alcove.engine.EngineStatus;
import org.alcove.engine.LogitsObserver;
import org.alcove.engine.SequenceRequest;
import org.alcove.engine.TokenEvent;
import org.alcove.engine.TokenEvent.Fault;
import org.alcove.engine.TokenStream;
import org.alcove.weights.Weights;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** An engine as a thread with a duty cycle, and what other threads see of it. */
final class DutyEngine implements Engine {

    private static final Logger LOG = LoggerFactory.getLogger(DutyEngine.class);
    /** An idle engine looks around that often, which also shows that it lives. */
    private static final long IDLE_NANOS = 1_000_000_000;
    private static final long WARM_UP_NANOS = 100_000_000;
    /** What a rehearsal may take, and what it may take between looks for sequences. */
    private static final long REHEARSAL_NANOS = 500_000_000;
    private static final long REHEARSAL_TURN_NANOS = 20_000_000;
    private static final LogitsObserver NOBODY = (position, logits) -> { };

    private final Weights weights;
    private final EngineSettings settings;
    private final EngineParts parts;
    private final LongSupplier clock;
    private final RequestCheck check;
    private final DutyCycle cycle;
    private final Thread thread;
    private final CountDownLatch warm = new CountDownLatch(1);
    /** Sequences that arrived; guards itself and {@link #ended}. */
    private final Queue<Sequence> arrivals = new ArrayDeque<>();
    private boolean ended;
    private long arrivalCount;
    private volatile boolean closing;
    /** Nanoseconds of a rehearsal that are left. */
    private final AtomicLong rehearsal = new AtomicLong();
    private volatile DutyCycle.Standing standing;
    private volatile long lastTurn;

    DutyEngine(Weights weights, EngineSettings settings, EngineParts parts, LongSupplier clock) {
        this.weights = weights;
        this.settings = settings;
        this.parts = parts;
        this.clock = clock;
        this.check = new RequestCheck(parts.contextTokens(), parts.model().shape().vocabulary());
        this.cycle = new DutyCycle(settings, clock, parts, this::beat);
        this.standing = cycle.standing();
        this.lastTurn = clock.getAsLong();
        this.thread = Thread.ofPlatform().daemon().name(parts.threadName()).unstarted(this::run);
    }

    /** Starts the thread and waits until the model is warm. */
    void start() {
        thread.start();
        boolean interrupted = false;
        while (warm.getCount() > 0) {
            try {
                warm.await();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public int contextTokens() {
        return parts.contextTokens();
    }

    @Override
    public int vocabulary() {
        return parts.model().shape().vocabulary();
    }

    @Override
    public String fingerprint() {
        return parts.fingerprint();
    }

    @Override
    public String kernels() {
        return weights.kernels();
    }

    @Override
    public void rehearse() {
        rehearsal.set(REHEARSAL_NANOS);
        wake();
    }

    @Override
    public TokenStream submit(SequenceRequest request) {
        return submit(request, NOBODY);
    }

    @Override
    public String placement() {
        return parts.placement().told();
    }

    @Override
    public long weightBytes() {
        return weights.bytes();
    }

    @Override
    public long cacheBytes() {
        return parts.cache().bytes();
    }

    @Override
    public TokenStream submit(SequenceRequest request, LogitsObserver observer) {
        check.check(request);
        if (observer != NOBODY && !request.promptLogprobs()) {
            throw new IllegalArgumentException("logits are observed where the prompt's probabilities are asked for");
        }
        BoundedTokenStream stream = new BoundedTokenStream(clock, this::wake);
        synchronized (arrivals) {
            Sequence sequence = new Sequence(request, stream, observer, arrivalCount++, parts.contextTokens());
            if (ended) {
                stream.add(closedFailure());
            } else if (sequence.endedItself() || request.maxTokens() > 0 && sequence.isLongest()) {
                stream.add(new TokenEvent.Finished(sequence.endedItself()));
            } else {
                arrivals.add(sequence);
            }
        }
        wake();
        return stream;
    }

    private static TokenEvent closedFailure() {
        return new TokenEvent.Failed(Fault.CLOSED, "the model was unloaded");
    }

    private void wake() {
        LockSupport.unpark(thread);
    }

    private void run() {
        try {
            parts.placement().bind();
            warmUp();
            while (!closing) {
                turn();
            }
        } finally {
            warm.countDown();
            synchronized (arrivals) {
                ended = true;
            }
            takeArrivals();
            cycle.failAll(Fault.CLOSED, "the model was unloaded");
            standing = cycle.standing();
            parts.close();
        }
    }

    private void warmUp() {
        try {
            cycle.warmUp(WARM_UP_NANOS);
        } catch (RuntimeException | Error e) {
            LOG.error("Model {} could not be warmed up; requests will fail likewise", weights.file().name(), e);
        } finally {
            warm.countDown();
        }
    }

    private void turn() {
        try {
            takeArrivals();
            boolean worked = cycle.turn();
            standing = cycle.standing();
            beat();
            if (!worked && !closing && !rehearsed()) {
                idle();
            }
        } catch (RuntimeException | Error e) {
            LOG.error("The engine of model {} failed; its sequences end, it goes on", weights.file().name(), e);
            cycle.failAll(Fault.INTERNAL, "the engine failed: " + e);
        }
    }

    private void beat() {
        lastTurn = clock.getAsLong();
    }

    /** Does a part of the rehearsal that was asked for, if one was. It ends where a sequence has come, or at the first fault. */
    private boolean rehearsed() {
        long left = rehearsal.getAndSet(0);
        if (left <= 0 || cycle.hasSequences()) {
            return false;
        }
        long start = clock.getAsLong();
        if (cycle.warmUp(REHEARSAL_TURN_NANOS)) {
            rehearsal.compareAndSet(0, left - Math.max(1, clock.getAsLong() - start));
        }
        return true;
    }

    private void idle() {
        parts.outage().look();
        synchronized (arrivals) {
            if (!arrivals.isEmpty()) {
                return;
            }
        }
        LockSupport.parkNanos(this, Math.min(IDLE_NANOS, Math.max(1, settings.readTimeout().toNanos())));
    }

    private void takeArrivals() {
        synchronized (arrivals) {
            while (!arrivals.isEmpty()) {
                cycle.add(arrivals.poll());
            }
        }
    }

    @Override
    public EngineStatus status() {
        int arrived;
        synchronized (arrivals) {
            arrived = arrivals.size();
        }
        DutyCycle.Standing now = standing;
        int blocks = parts.cache().size();
        return new EngineStatus(now.running(), now.waiting() + arrived, blocks, blocks - parts.cache().free(),
                now.tokensPerSecond(), now.promptTokens(), now.answerTokens(), now.preemptions(), lastTurn,
                parts.outage().missing());
    }

    @Override
    public void close() {
        closing = true;
        cycle.hurry();
        wake();
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException e) {
                interrupted = true;
            }
        }
        weights.close();
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
