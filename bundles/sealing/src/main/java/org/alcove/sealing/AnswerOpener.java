package org.alcove.sealing;

import java.util.Arrays;

/** Opens the chunks of one answer, in order and each once. Not thread-safe. */
public final class AnswerOpener {

    private final byte[] requestKey;
    private final byte[] envelope;
    private AnswerKeys keys;
    private long number;
    private boolean whole;

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
        number++;
        // Authenticated with the chunk: nobody on the way can say it.
        whole = chunk[0] == AnswerKeys.LAST[0];
        return plain;
    }

    /** Whether the last chunk was opened. An answer that ends before was cut off. */
    public boolean whole() {
        return whole;
    }

    private static SealingException damaged(String message) {
        return new SealingException(SealingException.Kind.DAMAGED, message);
    }
}
