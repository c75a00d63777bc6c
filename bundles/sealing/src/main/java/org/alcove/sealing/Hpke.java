package org.alcove.sealing;

import java.security.InvalidKeyException;

/**
 * HPKE in base mode with DHKEM(X25519, HKDF-SHA256), HKDF-SHA256 and AES-256-GCM (RFC 9180, sections 4.1, 5.1 and 5.2; suite
 * 0x0020, 0x0001, 0x0002). One context seals or opens messages in order. Not thread-safe.
 */
public final class Hpke implements AutoCloseable {

    /** Bytes by which a sealed message is longer. */
    public static final int TAG_BYTES = Primitives.TAG_BYTES;

    private static final byte[] VERSION = Primitives.ascii("HPKE-v1");
    private static final byte[] KEM = Primitives.join(Primitives.ascii("KEM"), new byte[] {0x00, 0x20});
    private static final byte[] SUITE = Primitives.join(Primitives.ascii("HPKE"),
            new byte[] {0x00, 0x20, 0x00, 0x01, 0x00, 0x02});
    private static final byte[] NOTHING = {};
    private static final byte BASE_MODE = 0;

    private final byte[] key;
    private final byte[] baseNonce;
    private final byte[] exporter;
    private long number;
    private boolean closed;

    private Hpke(byte[] shared, byte[] info) {
        byte[] context = Primitives.join(new byte[] {BASE_MODE}, extract(SUITE, NOTHING, "psk_id_hash", NOTHING),
                extract(SUITE, NOTHING, "info_hash", info));
        byte[] secret = extract(SUITE, shared, "secret", NOTHING);
        this.key = expand(SUITE, secret, "key", context, Primitives.KEY_BYTES);
        this.baseNonce = expand(SUITE, secret, "base_nonce", context, Primitives.NONCE_BYTES);
        this.exporter = expand(SUITE, secret, "exp", context, Primitives.KEY_BYTES);
        Primitives.wipe(secret, shared);
    }

    /**
     * A context that seals.
     *
     * @param encapsulated 32 bytes for the recipient, who makes the same context of them
     */
    public record Sender(byte[] encapsulated, Hpke context) {
    }

    /**
     * Begins to seal.
     *
     * @param recipient public key, 32 bytes
     * @param info what it is for; the recipient must say the same
     * @throws InvalidKeyException if the recipient's key is none
     */
    public static Sender sender(byte[] recipient, byte[] info) throws InvalidKeyException {
        return sender(recipient, info, HpkeKeys.generate());
    }

    /** @param ephemeral used for this context and never again */
    static Sender sender(byte[] recipient, byte[] info, HpkeKeys ephemeral) throws InvalidKeyException {
        byte[] encapsulated = ephemeral.publicKey();
        Hpke context = new Hpke(shared(ephemeral.agree(recipient), encapsulated, recipient), info);
        ephemeral.close();
        return new Sender(encapsulated, context);
    }

    /**
     * Begins to open.
     *
     * @param encapsulated what the sender gave
     * @param info what it is for, as the sender said it
     * @throws SealingException if these are no bytes of a sender
     */
    public static Hpke recipient(byte[] encapsulated, HpkeKeys keys, byte[] info) throws SealingException {
        try {
            return new Hpke(decapsulate(encapsulated, keys), info);
        } catch (InvalidKeyException e) {
            throw new SealingException(SealingException.Kind.DAMAGED, "what was sent to open it with is no X25519 key", e);
        }
    }

    /** The secret of DHKEM. */
    static byte[] decapsulate(byte[] encapsulated, HpkeKeys keys) throws InvalidKeyException {
        return shared(keys.agree(encapsulated), encapsulated, keys.publicKey());
    }

    /** DHKEM's secret of a Diffie-Hellman result (section 4.1, ExtractAndExpand). */
    private static byte[] shared(byte[] agreed, byte[] encapsulated, byte[] recipient) {
        byte[] extracted = extract(KEM, NOTHING, "eae_prk", agreed);
        byte[] secret = expand(KEM, extracted, "shared_secret", Primitives.join(encapsulated, recipient), Primitives.KEY_BYTES);
        Primitives.wipe(agreed, extracted);
        return secret;
    }

    /** Seals the next message. */
    public byte[] seal(byte[] aad, byte[] plain) {
        requireOpen();
        return Primitives.seal(key, Primitives.nonce(baseNonce, number++), aad, plain);
    }

    /**
     * Opens the next message.
     *
     * @throws SealingException if it is not the next one, or not what was sealed
     */
    public byte[] open(byte[] aad, byte[] sealed) throws SealingException {
        requireOpen();
        byte[] plain = Primitives.open(key, Primitives.nonce(baseNonce, number), aad, sealed, "the message " + number);
        number++;
        return plain;
    }

    /** A secret that both sides know, for a purpose of its own. */
    public byte[] export(byte[] purpose, int length) {
        requireOpen();
        return expand(SUITE, exporter, "sec", purpose, length);
    }

    private void requireOpen() {
        if (closed) {
            throw new IllegalStateException("the keys of this context were wiped when it was closed");
        }
    }

    /** Wipes the keys: this context seals and opens nothing more. */
    @Override
    public void close() {
        closed = true;
        Primitives.wipe(key, baseNonce, exporter);
    }

    private static byte[] extract(byte[] suite, byte[] salt, String label, byte[] material) {
        return Primitives.extract(salt, Primitives.join(VERSION, suite, Primitives.ascii(label), material));
    }

    private static byte[] expand(byte[] suite, byte[] key, String label, byte[] info, int length) {
        byte[] size = {(byte) (length >>> 8), (byte) length};
        return Primitives.expand(key, Primitives.join(size, VERSION, suite, Primitives.ascii(label), info), length);
    }
}
