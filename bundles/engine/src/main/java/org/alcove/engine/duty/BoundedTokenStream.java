package org.alcove.engine.duty;

import java.util.ArrayDeque;
import java.util.function.LongSupplier;
import org.alcove.engine.TokenEvent;
import org.alcove.engine.TokenStream;

/** Events on their way from the engine's thread to one reader. The engine never waits: it looks for room before it computes. */
final class BoundedTokenStream implements TokenStream {

    /** Tokens that wait for the reader at most; enough that no network jitter stalls a sequence. */
    static final int CAPACITY = 256;

    private final ArrayDeque<TokenEvent> events = new ArrayDeque<>();
    private final LongSupplier clock;
    private final Runnable wakeEngine;
    private volatile boolean cancelled;
    private boolean ended;
    private volatile boolean full;
    /** When the reader last took something or the stream became full, whichever is later. */
    private volatile long stalledSince;
    private volatile int cachedTokens;

    BoundedTokenStream(LongSupplier clock, Runnable wakeEngine) {
        this.clock = clock;
        this.wakeEngine = wakeEngine;
    }

    @Override
    public TokenEvent next() throws InterruptedException {
        TokenEvent event;
        boolean wasFull;
        synchronized (this) {
            while (events.isEmpty() && !ended && !cancelled) {
                wait();
            }
            if (cancelled || events.isEmpty()) {
                return null;
            }
            event = events.poll();
            wasFull = full;
            full = events.size() >= CAPACITY;
            stalledSince = clock.getAsLong();
        }
        if (wasFull) {
            wakeEngine.run();
        }
        return event;
    }

    /** Notes what the cache had of the prompt. */
    void found(int tokens) {
        cachedTokens = tokens;
    }

    @Override
    public int cachedTokens() {
        return cachedTokens;
    }

    @Override
    public void close() {
        synchronized (this) {
            if (cancelled) {
                return;
            }
            cancelled = true;
            events.clear();
            notifyAll();
        }
        wakeEngine.run();
    }

    /** Adds an event; those that end the stream find room always. */
    synchronized void add(TokenEvent event) {
        if (cancelled || ended) {
            return;
        }
        events.add(event);
        ended = event instanceof TokenEvent.Finished || event instanceof TokenEvent.Failed;
        if (events.size() >= CAPACITY && !full) {
            full = true;
            stalledSince = clock.getAsLong();
        }
        notifyAll();
    }

    boolean isCancelled() {
        return cancelled;
    }

    boolean isFull() {
        return full;
    }

    /** Whether it is full and the reader took nothing for that long. */
    boolean isStalled(long nanos) {
        return full && clock.getAsLong() - stalledSince >= nanos;
    }
}
