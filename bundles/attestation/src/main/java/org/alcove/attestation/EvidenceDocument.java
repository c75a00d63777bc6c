package org.alcove.attestation;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.HexFormat;
import java.util.Optional;
import java.util.Set;
import org.alcove.attestation.json.StrictJson;

/**
 * Evidence with what it binds: the asker's nonce, the key of the process's TLS certificate and the key that prompts are sealed
 * to. The quote's REPORTDATA is a hash over all of it; {@code docs/attestation.md} gives the bytes.
 *
 * @param form how the hash becomes the 64 bytes of REPORTDATA
 * @param nonce 32 bytes that the asker chose, so that the answer is not an old one
 * @param tlsKey SHA-256 of the public key (SPKI) in the process's certificate; zeros where it speaks no TLS itself
 * @param sealingKey X25519 public key that prompts are sealed to
 * @param claims further statements of the process, JSON; bound, but only as true as the measured software is
 * @param evidence the quote and the event log
 */
public record EvidenceDocument(Form form, byte[] nonce, byte[] tlsKey, byte[] sealingKey, byte[] claims, Evidence evidence) {

    /** Bytes of a nonce, of the hash of a TLS key, and of a sealing key. */
    public static final int FIELD_BYTES = 32;

    /** The format that {@link #read} reads. */
    private static final int VERSION = 1;
    private static final byte[] LABEL = "alcove evidence 1\0".getBytes(StandardCharsets.US_ASCII);
    private static final int LARGEST = 16 << 20;
    private static final Set<String> FIELDS =
            Set.of("version", "form", "nonce", "tls_key_sha256", "sealing_key", "claims", "quote", "event_log");

    /** How the bound fields become REPORTDATA. */
    public enum Form {
        /** SHA-512: 64 bytes. */
        SHA512("sha512"),
        /** SHA-256 as 64 small hexadecimal digits, for attestation agents that take text only. */
        SHA256_HEX("sha256-hex");

        private final String word;

        Form(String word) {
            this.word = word;
        }

        static Form of(String word) throws AttestationException {
            for (Form form : values()) {
                if (form.word.equals(word)) {
                    return form;
                }
            }
            throw new AttestationException("the evidence has the unknown form \"" + word + "\"; known are sha512 and sha256-hex");
        }
    }

    /** Copies the bytes. */
    public EvidenceDocument {
        nonce = sized(nonce, "nonce");
        tlsKey = sized(tlsKey, "tls_key_sha256");
        sealingKey = sized(sealingKey, "sealing_key");
        claims = claims.clone();
        evidence = new Evidence(evidence.quote(), evidence.eventLog(), Optional.of(new Evidence.Claims(claims,
                reportData(form, nonce, tlsKey, sealingKey, claims))));
    }

    private static byte[] sized(byte[] bytes, String name) {
        if (bytes.length != FIELD_BYTES) {
            throw new IllegalArgumentException(name + " has " + bytes.length + " bytes, expected " + FIELD_BYTES);
        }
        return bytes.clone();
    }

    /** What REPORTDATA must be: 64 bytes. */
    public byte[] reportData() {
        return reportData(form, nonce, tlsKey, sealingKey, claims);
    }

    /** What REPORTDATA must be, before there is evidence. */
    public static byte[] reportData(Form form, byte[] nonce, byte[] tlsKey, byte[] sealingKey, byte[] claims) {
        byte[] claimed = hash("SHA-256", claims);
        return switch (form) {
            case SHA512 -> hash("SHA-512", LABEL, nonce, tlsKey, sealingKey, claimed);
            case SHA256_HEX -> HexFormat.of().formatHex(hash("SHA-256", LABEL, nonce, tlsKey, sealingKey, claimed))
                    .getBytes(StandardCharsets.US_ASCII);
        };
    }

    private static byte[] hash(String algorithm, byte[]... parts) {
        try {
            MessageDigest digest = MessageDigest.getInstance(algorithm);
            for (byte[] part : parts) {
                digest.update(part);
            }
            return digest.digest();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("every Java has " + algorithm, e);
        }
    }

    /** As it is sent. */
    public byte[] json() {
        Base64.Encoder base64 = Base64.getEncoder();
        HexFormat hex = HexFormat.of();
        String log = evidence.eventLog().map(bytes -> ",\"event_log\":\"" + base64.encodeToString(bytes) + "\"").orElse("");
        return ("{\"version\":" + VERSION + ",\"form\":\"" + form.word + "\",\"nonce\":\"" + hex.formatHex(nonce)
                + "\",\"tls_key_sha256\":\"" + hex.formatHex(tlsKey) + "\",\"sealing_key\":\"" + hex.formatHex(sealingKey)
                + "\",\"claims\":\"" + base64.encodeToString(claims) + "\",\"quote\":\"" + base64.encodeToString(evidence.quote())
                + "\"" + log + "}").getBytes(StandardCharsets.US_ASCII);
    }

    /**
     * Reads one.
     *
     * @param json as {@link #json} writes it
     * @throws AttestationException if it is none, or of another version
     */
    public static EvidenceDocument read(byte[] json) throws AttestationException {
        if (json.length > LARGEST) {
            throw new AttestationException("the evidence has " + json.length + " bytes, at most " + LARGEST + " are read");
        }
        StrictJson file = StrictJson.parse(json, "the evidence");
        file.only(FIELDS);
        int version = file.number("version", Integer.MAX_VALUE);
        if (version != VERSION) {
            throw new AttestationException("the evidence has version " + version + ", this release reads " + VERSION);
        }
        Optional<byte[]> log = file.has("event_log") ? Optional.of(base64(file, "event_log")) : Optional.empty();
        return new EvidenceDocument(Form.of(file.text("form")), file.hex("nonce", FIELD_BYTES),
                file.hex("tls_key_sha256", FIELD_BYTES), file.hex("sealing_key", FIELD_BYTES), base64(file, "claims"),
                new Evidence(base64(file, "quote"), log));
    }

    private static byte[] base64(StrictJson file, String name) throws AttestationException {
        try {
            return Base64.getDecoder().decode(file.text(name));
        } catch (IllegalArgumentException e) {
            throw new AttestationException("the evidence's " + name + " is not base64", e);
        }
    }
}
