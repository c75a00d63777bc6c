package org.alcove.cluster.wire;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Flow;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;

/**
 * The body of an answer while it comes. Unlike the platform's input stream its reader can wait for a limited time and may be
 * interrupted without losing anything. Read by one thread; closed by any, which ends the connection and wakes the reader.
 */
public final class BodyStream implements HttpResponse.BodySubscriber<BodyStream>, AutoCloseable {

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition news = lock.newCondition();
    private final Queue<ByteBuffer> arrived = new ArrayDeque<>();
    private Flow.Subscription subscription;
    private Throwable fault;
    private boolean over;
    private boolean closed;

    /** What a look at the stream found. */
    public enum State {
        /** Bytes. */
        BYTES,
        /** Nothing for as long as was waited. */
        SILENT,
        /** The end, as the sender meant it. */
        END,
        /** It was closed on this side. */
        CLOSED
    }

    private ByteBuffer current = ByteBuffer.allocate(0);

    /**
     * Waits for bytes, which {@link #bytes()} then gives.
     *
     * @throws IOException if the connection was lost
     */
    public State await(Duration patience) throws IOException, InterruptedException {
        if (current.hasRemaining()) {
            return State.BYTES;
        }
        long left = patience.toNanos();
        Flow.Subscription more;
        lock.lockInterruptibly();
        try {
            while (arrived.isEmpty() && !over && !closed) {
                if (left <= 0) {
                    return State.SILENT;
                }
                left = news.awaitNanos(left);
            }
            if (closed) {
                return State.CLOSED;
            }
            if (arrived.isEmpty()) {
                return end();
            }
            current = arrived.remove();
            more = arrived.isEmpty() && !over ? subscription : null;
        } finally {
            lock.unlock();
        }
        if (more != null) {
            more.request(1);
        }
        return State.BYTES;
    }

    private State end() throws IOException {
        if (fault != null) {
            throw new IOException(fault);
        }
        return State.END;
    }

    /** The bytes that were found; the reader moves its position. */
    public ByteBuffer bytes() {
        return current;
    }

    /**
     * The whole body of a short answer.
     *
     * @throws WireException if it is longer than {@code max} bytes
     * @throws PeerException if it does not end within the limit
     */
    public byte[] all(int max, Duration limit, String who) throws IOException, InterruptedException {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        long until = System.nanoTime() + limit.toNanos();
        while (true) {
            switch (await(Duration.ofNanos(until - System.nanoTime()))) {
                case BYTES -> {
                    int count = current.remaining();
                    if (body.size() + count > max) {
                        close();
                        throw new WireException(WireException.Kind.TOO_LARGE, who + " answers with more than " + max + " bytes");
                    }
                    byte[] copy = new byte[count];
                    current.get(copy);
                    body.write(copy);
                }
                case SILENT -> {
                    close();
                    throw new PeerException(who + " did not end its answer within " + limit.toMillis() + " ms");
                }
                case CLOSED -> throw new PeerException("the connection to " + who + " was closed here");
                case END -> {
                    return body.toByteArray();
                }
            }
        }
    }

    @Override
    public CompletionStage<BodyStream> getBody() {
        return CompletableFuture.completedFuture(this);
    }

    @Override
    public void onSubscribe(Flow.Subscription first) {
        boolean late;
        lock.lock();
        try {
            subscription = first;
            late = closed;
        } finally {
            lock.unlock();
        }
        if (late) {
            first.cancel();
        } else {
            first.request(1);
        }
    }

    @Override
    public void onNext(List<ByteBuffer> buffers) {
        boolean empty = true;
        lock.lock();
        try {
            for (ByteBuffer buffer : buffers) {
                if (buffer.hasRemaining() && !closed) {
                    arrived.add(buffer);
                    empty = false;
                }
            }
            news.signalAll();
        } finally {
            lock.unlock();
        }
        if (empty) {
            subscription.request(1);
        }
    }

    @Override
    public void onError(Throwable throwable) {
        finish(throwable);
    }

    @Override
    public void onComplete() {
        finish(null);
    }

    private void finish(Throwable reason) {
        lock.lock();
        try {
            over = true;
            fault = reason;
            news.signalAll();
        } finally {
            lock.unlock();
        }
    }

    @Override
    public void close() {
        Flow.Subscription cancelled;
        lock.lock();
        try {
            cancelled = closed || over ? null : subscription;
            closed = true;
            arrived.clear();
            news.signalAll();
        } finally {
            lock.unlock();
        }
        if (cancelled != null) {
            cancelled.cancel();
        }
    }
}
