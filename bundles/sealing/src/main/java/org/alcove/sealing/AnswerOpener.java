package org.alcove.sealing;

import java.util.Arrays;

/** Opens the chunks of one answer, in order and each once. Not thread-safe, but closed by any thread. */
public final class AnswerOpener implements AutoCloseable {

    private final byte[] requestKey;
    private final byte[] envelope;
    private volatile AnswerKeys keys;
    private long number;
    private boolean whole;
    private volatile boolean closed;

    /** @param requestKey its own from now on: it is wiped in the end */
    AnswerOpener(byte[] requestKey, byte[] envelope) {
        this.requestKey = requestKey;
        this.envelope = envelope;
    }

    /**
     * Opens the next chunk.
     *
     * @throws SealingException if it is not the next one of this answer: changed, left out, repeated, or behind the last
     */
    public byte[] open(byte[] chunk) throws SealingException {
        if (whole) {
            throw damaged("the answer goes on behind its last chunk");
        }
        int head = number == 0 ? 1 + AnswerKeys.SALT_BYTES : 1;
        if (chunk.length < head + Primitives.TAG_BYTES) {
            throw damaged("chunk " + number + " of the answer has " + chunk.length + " bytes, the least is "
                    + (head + Primitives.TAG_BYTES));
        }
        if (number == 0) {
            keys = AnswerKeys.of(requestKey, envelope, Arrays.copyOfRange(chunk, 1, head));
        }
        byte[] plain = Primitives.open(keys.key(), Primitives.nonce(keys.baseNonce(), number), Arrays.copyOf(chunk, 1),
                Arrays.copyOfRange(chunk, head, chunk.length), "chunk " + number + " of the answer");
        if (closed) {
            // What opens with keys that are wiped, anybody can have made.
            throw damaged("the answer was closed here");
        }
        number++;
        // Authenticated with the chunk: nobody on the way can say it.
        whole = chunk[0] == AnswerKeys.LAST[0];
        return plain;
    }

    /** Whether the last chunk was opened. An answer that ends before was cut off. */
    public boolean whole() {
        return whole;
    }

    /** Wipes the keys: nothing more is opened. */
    @Override
    public void close() {
        closed = true;
        Primitives.wipe(requestKey);
        AnswerKeys made = keys;
        if (made != null) {
            made.wipe();
        }
    }

    private static SealingException damaged(String message) {
        return new SealingException(SealingException.Kind.DAMAGED, message);
    }
}
