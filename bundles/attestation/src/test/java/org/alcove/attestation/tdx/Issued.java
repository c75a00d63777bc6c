package org.alcove.attestation.tdx;

import java.math.BigInteger;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.Signature;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** A certificate or a revocation list to be made: right as it stands, and each field can be made wrong. */
final class Issued {
    private static final byte[] ECDSA = DerWriter.sequence(DerWriter.oid("1.2.840.10045.4.3.2"));

    KeyPair key;
    KeyPair issuerKey;
    String subject;
    String issuer;
    String organisation = "Intel Corporation";
    BigInteger serial;
    Instant from = Instant.parse("2026-01-01T00:00:00Z");
    Instant until = Instant.parse("2027-01-01T00:00:00Z");
    boolean authority;
    final List<byte[]> extensions = new ArrayList<>();
    final List<BigInteger> revoked = new ArrayList<>();
    boolean openEnded;

    Issued(String subject, KeyPair key, String issuer, KeyPair issuerKey, int serial) {
        this.subject = subject;
        this.key = key;
        this.issuer = issuer;
        this.issuerKey = issuerKey;
        this.serial = BigInteger.valueOf(serial);
    }

    Issued authority(boolean ca) {
        authority = ca;
        return this;
    }

    byte[] certificate() {
        // keyCertSign and cRLSign, or digitalSignature.
        byte[] usage = authority ? DerWriter.bits(new byte[] {0x06}, 1) : DerWriter.bits(new byte[] {(byte) 0x80}, 7);
        byte[] constraints = authority ? DerWriter.sequence(DerWriter.yes()) : DerWriter.sequence();
        List<byte[]> all = new ArrayList<>(extensions);
        all.add(DerWriter.extension("2.5.29.15", true, usage));
        all.add(DerWriter.extension("2.5.29.19", true, constraints));
        byte[] body = DerWriter.sequence(DerWriter.element(0xa0, DerWriter.integer(2)), DerWriter.integer(serial), ECDSA,
                DerWriter.name("Intel Corporation", issuer), DerWriter.sequence(DerWriter.time(from), DerWriter.time(until)),
                DerWriter.name(organisation, subject), key.getPublic().getEncoded(),
                DerWriter.element(0xa3, DerWriter.sequence(all.toArray(byte[][]::new))));
        return signed(body);
    }

    /** A list of what {@code issuer} revoked. */
    byte[] list() {
        List<byte[]> entries = new ArrayList<>();
        for (BigInteger each : revoked) {
            entries.add(DerWriter.sequence(DerWriter.integer(each), DerWriter.time(from)));
        }
        byte[] none = {};
        byte[] body = DerWriter.sequence(DerWriter.integer(1), ECDSA, DerWriter.name("Intel Corporation", issuer),
                DerWriter.time(from), openEnded ? none : DerWriter.time(until),
                entries.isEmpty() ? none : DerWriter.sequence(entries.toArray(byte[][]::new)),
                extensions.isEmpty() ? none : DerWriter.element(0xa0, DerWriter.sequence(extensions.toArray(byte[][]::new))));
        return signed(body);
    }

    private byte[] signed(byte[] body) {
        try {
            Signature signature = Signature.getInstance("SHA256withECDSA");
            signature.initSign(issuerKey.getPrivate());
            signature.update(body);
            return DerWriter.sequence(body, ECDSA, DerWriter.bits(signature.sign(), 0));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }
}
