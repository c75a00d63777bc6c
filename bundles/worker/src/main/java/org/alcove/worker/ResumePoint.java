package org.alcove.worker;

import java.nio.ByteBuffer;
import java.nio.IntBuffer;
import org.alcove.api.worker.Failure;
import org.alcove.api.worker.RequestException;
import org.alcove.api.worker.ResumeState;

/**
 * Where an answer stands: its seed and its tokens so far. The prompt is not part of it, because the request that resumes carries
 * it again; text held back is not, because it follows from the tokens.
 *
 * @param seed seed of the randomness
 * @param tokens tokens of the answer so far
 */
record ResumePoint(long seed, int[] tokens) {

    private static final byte VERSION = 1;
    private static final int HEADER_BYTES = 13;

    /** Encoded: version (u8), seed (i64), number of tokens (i32), tokens (i32 each), big-endian. */
    ResumeState encoded(String fingerprint) {
        ByteBuffer buffer = ByteBuffer.allocate(HEADER_BYTES + 4 * tokens.length);
        buffer.put(VERSION).putLong(seed).putInt(tokens.length).asIntBuffer().put(tokens);
        return new ResumeState(fingerprint, buffer.array());
    }

    /**
     * Decodes a state.
     *
     * @throws RequestException if it was made by a worker with other weights or numerics, or is damaged
     */
    static ResumePoint decode(ResumeState state, String fingerprint, int vocabulary) {
        if (!state.fingerprint().equals(fingerprint)) {
            throw new RequestException(new Failure.Unsupported("resume", "the answer was begun with " + state.fingerprint()
                    + " and cannot go on with " + fingerprint + ": the text could differ"));
        }
        ByteBuffer buffer = ByteBuffer.wrap(state.state());
        if (buffer.remaining() < HEADER_BYTES || buffer.get() != VERSION) {
            throw damaged();
        }
        long seed = buffer.getLong();
        int count = buffer.getInt();
        if (count < 0 || buffer.remaining() != 4L * count) {
            throw damaged();
        }
        int[] tokens = new int[count];
        IntBuffer ids = buffer.asIntBuffer();
        ids.get(tokens);
        for (int token : tokens) {
            if (token < 0 || token >= vocabulary) {
                throw damaged();
            }
        }
        return new ResumePoint(seed, tokens);
    }

    private static RequestException damaged() {
        return new RequestException(new Failure.Invalid("resume", "the resume state is damaged; begin the answer again"));
    }
}
