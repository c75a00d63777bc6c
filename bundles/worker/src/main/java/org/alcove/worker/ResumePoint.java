package org.alcove.worker;

import java.nio.ByteBuffer;
import java.time.DateTimeException;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.util.Arrays;
import java.util.zip.CRC32;
import org.alcove.api.worker.Failure;
import org.alcove.api.worker.RequestException;
import org.alcove.api.worker.ResumeState;

/**
 * Where an answer stands: its seed and its tokens so far. The prompt is not part of it, because the request that resumes carries
 * it again, but its sum is, to be sure of that; text held back is not, because it follows from the tokens.
 *
 * <p>Encoded big-endian: version (u8), seed (i64), time the template was given (i64, seconds), CRC-32 of the prompt's ids (i32),
 * tokens so far (i32 each, to the end).
 *
 * @param seed seed of the randomness
 * @param now the time the template was given, so that it renders the same prompt again
 * @param promptSum {@link #sum} of the prompt's ids
 * @param tokens tokens of the answer so far
 */
record ResumePoint(long seed, LocalDateTime now, int promptSum, int[] tokens) {

    private static final byte VERSION = 1;
    private static final int HEADER_BYTES = 21;

    /** Sum over the ids of a prompt. */
    static int sum(int[] prompt) {
        CRC32 sum = new CRC32();
        ByteBuffer bytes = ByteBuffer.allocate(4 * prompt.length);
        bytes.asIntBuffer().put(prompt);
        sum.update(bytes);
        return (int) sum.getValue();
    }

    /**
     * Decodes a state.
     *
     * @throws RequestException if it was made by a worker with other weights or numerics, or is damaged
     */
    static ResumePoint decode(ResumeState state, String fingerprint, int vocabulary) {
        if (!state.fingerprint().equals(fingerprint)) {
            throw new RequestException(new Failure.Unsupported("resume", "the answer was begun with " + state.fingerprint()
                    + " and cannot go on with " + fingerprint + ", which may write another text; begin the answer again"));
        }
        ByteBuffer buffer = ByteBuffer.wrap(state.state());
        if (buffer.remaining() < HEADER_BYTES || buffer.remaining() % 4 != HEADER_BYTES % 4 || buffer.get() != VERSION) {
            throw damaged();
        }
        long seed = buffer.getLong();
        LocalDateTime now;
        try {
            now = LocalDateTime.ofEpochSecond(buffer.getLong(), 0, ZoneOffset.UTC);
        } catch (DateTimeException e) {
            throw damaged();
        }
        int promptSum = buffer.getInt();
        int[] tokens = new int[buffer.remaining() / 4];
        buffer.asIntBuffer().get(tokens);
        if (Arrays.stream(tokens).anyMatch(token -> token < 0 || token >= vocabulary)) {
            throw damaged();
        }
        return new ResumePoint(seed, now, promptSum, tokens);
    }

    private static RequestException damaged() {
        return new RequestException(new Failure.Invalid("resume", "the resume state is damaged; begin the answer again"));
    }

    /** Tokens of an answer that grows, kept as they are encoded, so that a state after each token costs one copy. */
    static final class Recorder {

        private ByteBuffer bytes;

        /** Begins where a point stands. */
        Recorder(ResumePoint point) {
            bytes = ByteBuffer.allocate(Math.max(256, HEADER_BYTES + 8 * point.tokens().length));
            bytes.put(VERSION).putLong(point.seed()).putLong(point.now().toEpochSecond(ZoneOffset.UTC)).putInt(point.promptSum());
            for (int token : point.tokens()) {
                bytes.putInt(token);
            }
        }

        void add(int token) {
            if (bytes.remaining() < 4) {
                bytes = ByteBuffer.allocate(2 * bytes.capacity()).put(bytes.flip());
            }
            bytes.putInt(token);
        }

        /** Tokens so far. */
        int count() {
            return (bytes.position() - HEADER_BYTES) / 4;
        }

        ResumeState state(String fingerprint) {
            return new ResumeState(fingerprint, Arrays.copyOf(bytes.array(), bytes.position()));
        }
    }
}
