package org.alcove.sealing;

import java.security.SecureRandom;

/** Seals an answer chunk by chunk, for whoever sealed the request. Not thread-safe. */
public final class AnswerSealer {

    private final byte[] salt = new byte[AnswerKeys.SALT_BYTES];
    private final AnswerKeys keys;
    private long number;
    private boolean over;

    AnswerSealer(byte[] requestKey, byte[] envelope) {
        new SecureRandom().nextBytes(salt);
        this.keys = AnswerKeys.of(requestKey, envelope, salt);
    }

    /**
     * Seals the next chunk: a byte that says whether it is the last, in the first chunk 32 bytes of salt, then the text sealed.
     *
     * @param last whether nothing follows: without a last chunk the other side knows that the answer was cut off
     */
    public byte[] seal(byte[] plain, boolean last) {
        if (over) {
            throw new IllegalStateException("the last chunk of this answer was sealed already");
        }
        over = last;
        byte[] flag = last ? AnswerKeys.LAST : AnswerKeys.MORE;
        byte[] head = number == 0 ? Primitives.join(flag, salt) : flag;
        byte[] chunk = Primitives.join(head,
                Primitives.seal(keys.key(), Primitives.nonce(keys.baseNonce(), number++), flag, plain));
        if (last) {
            keys.wipe();
        }
        return chunk;
    }
}
