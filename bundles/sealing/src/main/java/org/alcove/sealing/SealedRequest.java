package org.alcove.sealing;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.InvalidKeyException;
import java.security.SecureRandom;
import java.time.Instant;
import java.util.Arrays;
import java.util.Collection;
import java.util.HexFormat;

/**
 * A request sealed to one or more workers, any of which can open it; nobody in between can.
 *
 * <pre>
 * offset  bytes
 *      0      8  "ALCSEAL1"
 *      8      8  when it was sealed, milliseconds since 1970, big-endian
 *     16      2  number n of workers, big-endian
 *     18   88 n  for each: the first 8 bytes of the SHA-256 of its public key, HPKE's encapsulated key (32), and the content key,
 *                sealed by HPKE (32 + 16)
 *  18+88n        the request, AES-256-GCM under a key made of the content key; all of the above and the model's name are
 *                authenticated with it
 * </pre>
 */
public final class SealedRequest {

    /** Most workers a request is sealed to. */
    public static final int MOST_RECIPIENTS = 256;

    private static final byte[] MAGIC = Primitives.ascii("ALCSEAL1");
    private static final byte[] INFO = Primitives.ascii("alcove sealed request 1");
    private static final byte[] KEY_INFO = Primitives.ascii("alcove request key 1");
    private static final int HEAD = 18;
    private static final int KEY_ID = 8;
    private static final int WRAPPED = Primitives.KEY_BYTES + Primitives.TAG_BYTES;
    private static final int ENTRY = KEY_ID + HpkeKeys.BYTES + WRAPPED;
    /** The content key seals one request and no other. */
    private static final byte[] ONLY_NONCE = new byte[Primitives.NONCE_BYTES];

    private SealedRequest() {
    }

    /**
     * What the client has.
     *
     * @param envelope to be sent
     * @param answer opens the answer; to be closed when that has ended
     */
    public record Sealed(byte[] envelope, AnswerOpener answer) {
    }

    /**
     * What the worker has.
     *
     * @param payload what was sealed
     * @param id the same for every copy of this envelope, and for no other
     * @param issued when it was sealed, by the client's clock
     * @param answer seals the answer
     */
    public record Opened(byte[] payload, String id, Instant issued, AnswerSealer answer) {
    }

    /**
     * Seals a request.
     *
     * @param model the model it is for, which those in between are told
     * @param recipients public keys of workers, 32 bytes each; 1 to {@value #MOST_RECIPIENTS}
     * @throws InvalidKeyException if one of them is no key
     */
    public static Sealed seal(byte[] payload, String model, Collection<byte[]> recipients, Instant now)
            throws InvalidKeyException {
        if (recipients.isEmpty() || recipients.size() > MOST_RECIPIENTS) {
            throw new IllegalArgumentException("a request is sealed to 1 to " + MOST_RECIPIENTS + " workers, not to "
                    + recipients.size());
        }
        byte[] content = new byte[Primitives.KEY_BYTES];
        new SecureRandom().nextBytes(content);
        ByteBuffer head = ByteBuffer.allocate(HEAD + recipients.size() * ENTRY).put(MAGIC).putLong(now.toEpochMilli())
                .putShort((short) recipients.size());
        byte[] fixed = Arrays.copyOf(head.array(), HEAD);
        for (byte[] recipient : recipients) {
            Hpke.Sender sender = Hpke.sender(recipient, INFO);
            try (Hpke context = sender.context()) {
                head.put(keyId(recipient)).put(sender.encapsulated()).put(context.seal(fixed, content));
            }
        }
        byte[] key = requestKey(content);
        byte[] envelope = Primitives.join(head.array(), Primitives.seal(key, ONLY_NONCE, routed(head.array(), model), payload));
        Primitives.wipe(key);
        return new Sealed(envelope, new AnswerOpener(content, envelope));
    }

    /**
     * Opens a request. Whether it was opened before is a {@link ReplayGuard}'s to say.
     *
     * @param model the model it is said to be for
     * @throws SealingException if it was sealed to others, or is not what was sealed
     */
    public static Opened open(byte[] envelope, String model, HpkeKeys keys) throws SealingException {
        int count = recipients(envelope);
        int end = HEAD + count * ENTRY;
        byte[] own = keyId(keys.publicKey());
        for (int at = HEAD; at < end; at += ENTRY) {
            if (Arrays.equals(envelope, at, at + KEY_ID, own, 0, KEY_ID)) {
                byte[] content = content(envelope, at + KEY_ID, keys);
                byte[] key = requestKey(content);
                try {
                    byte[] payload = Primitives.open(key, ONLY_NONCE, routed(Arrays.copyOf(envelope, end), model),
                            Arrays.copyOfRange(envelope, end, envelope.length), "the sealed request");
                    return new Opened(payload, HexFormat.of().formatHex(Primitives.sha256(content)),
                            Instant.ofEpochMilli(ByteBuffer.wrap(envelope).getLong(MAGIC.length)),
                            new AnswerSealer(content, envelope));
                } finally {
                    Primitives.wipe(key, content);
                }
            }
        }
        throw new SealingException(SealingException.Kind.OTHER_KEY, "the request was sealed to " + count
                + " other keys than this worker's, which changes whenever it starts; verify the workers again and seal it anew");
    }

    private static int recipients(byte[] envelope) throws SealingException {
        if (envelope.length < HEAD || !Arrays.equals(envelope, 0, MAGIC.length, MAGIC, 0, MAGIC.length)) {
            throw damaged("what came is no sealed request of this release (" + envelope.length + " bytes)");
        }
        int count = ByteBuffer.wrap(envelope).getShort(HEAD - Short.BYTES) & 0xffff;
        long least = HEAD + (long) count * ENTRY + Primitives.TAG_BYTES;
        if (count == 0 || count > MOST_RECIPIENTS || envelope.length < least) {
            throw damaged("the sealed request names " + count + " workers (1 to " + MOST_RECIPIENTS + ") and has "
                    + envelope.length + " bytes, at least " + least + " are due");
        }
        return count;
    }

    private static byte[] content(byte[] envelope, int at, HpkeKeys keys) throws SealingException {
        int wrapped = at + HpkeKeys.BYTES;
        try (Hpke context = Hpke.recipient(Arrays.copyOfRange(envelope, at, wrapped), keys, INFO)) {
            return context.open(Arrays.copyOf(envelope, HEAD), Arrays.copyOfRange(envelope, wrapped, wrapped + WRAPPED));
        }
    }

    private static byte[] requestKey(byte[] content) {
        return Primitives.expand(content, KEY_INFO, Primitives.KEY_BYTES);
    }

    private static byte[] routed(byte[] head, String model) {
        return Primitives.join(head, model.getBytes(StandardCharsets.UTF_8));
    }

    private static byte[] keyId(byte[] key) {
        return Arrays.copyOf(Primitives.sha256(key), KEY_ID);
    }

    private static SealingException damaged(String message) {
        return new SealingException(SealingException.Kind.DAMAGED, message);
    }
}
