package org.alcove.sealing;

import java.util.Arrays;

/**
 * The key of one answer. Both sides make it of the request's key, of the sealed request itself, and of a salt that the worker
 * chooses: an answer fits one request, and a request that is sent twice never makes two answers of one key.
 */
record AnswerKeys(byte[] key, byte[] baseNonce) {

    static final int SALT_BYTES = 32;
    /** First byte of a chunk, and what is authenticated beside it. */
    static final byte[] MORE = {0};
    static final byte[] LAST = {1};

    void wipe() {
        Primitives.wipe(key, baseNonce);
    }

    static AnswerKeys of(byte[] requestKey, byte[] envelope, byte[] salt) {
        byte[] all = Primitives.expand(Primitives.extract(salt, requestKey),
                Primitives.join(Primitives.ascii("alcove sealed answer 1"), Primitives.sha256(envelope)),
                Primitives.KEY_BYTES + Primitives.NONCE_BYTES);
        AnswerKeys keys = new AnswerKeys(Arrays.copyOf(all, Primitives.KEY_BYTES),
                Arrays.copyOfRange(all, Primitives.KEY_BYTES, all.length));
        Primitives.wipe(all);
        return keys;
    }
}
