package org.alcove.attestation.tdx;

import java.util.Arrays;
import java.util.HexFormat;
import org.alcove.attestation.AttestationException;

/**
 * A TD quote, version 4 or 5, little-endian:
 *
 * <pre>
 * header 48      version 2, attestation key type 2, TEE type 4, reserved 4, QE vendor 16, user data 20
 * v4             body 584
 * v5             body type 2 (2: TD 1.0, 3: TD 1.5), body size 4, body 584 or 648
 * signatures     size 4, then: signature 64, attestation key 64, type 2 (6), size 4, then
 *                QE report 384, its signature 64, auth size 2, auth, type 2 (5), size 4, certificates
 * </pre>
 *
 * Every size must be used up exactly. Behind the signatures only zeros may follow.
 *
 * @param version 4 or 5
 * @param signed what the attestation key signs: header, descriptor, body
 * @param report the body
 * @param signature of the attestation key, 64 bytes
 * @param key the attestation key, 64 bytes
 * @param qe the quoting enclave's report
 * @param qeSignature of the platform's key over that report, 64 bytes
 * @param auth what the report binds besides the key
 * @param certificates of the platform, PEM or DER
 * @param tail what follows
 */
record Quote(int version, byte[] signed, TdReport report, byte[] signature, byte[] key, QeReport qe, byte[] qeSignature,
        byte[] auth, byte[] certificates, Tail tail) {
    /** Known quotes have 5,000 bytes in buffers of 8,000. */
    static final int LARGEST = 1 << 14;
    private static final int MOST_AUTH = 1024;
    private static final int HEADER = 48;
    private static final int TD_10 = 2;
    private static final int TD_15 = 3;
    private static final int KEY_P256 = 2;
    private static final long TEE_TDX = 0x81;
    private static final String INTEL = "939a7233f79c4ca9940a0db3957f0607";
    private static final int CERTIFIED_QE = 6;
    private static final int CHAIN = 5;

    /** Drivers hand out whole buffers; what no signature covers must say nothing. */
    record Tail(int position, int bytes, boolean zero) {
        String found() {
            return bytes + (zero ? " zero" : "") + " bytes from byte " + position
                    + (zero ? "" : ", not all zero; cut them off if they came from a buffer");
        }
    }

    static Quote parse(byte[] bytes) throws AttestationException {
        if (bytes.length > LARGEST) {
            throw new AttestationException("the quote has " + bytes.length + " bytes, at most " + LARGEST + " are read");
        }
        ByteCursor quote = new ByteCursor(bytes, "quote");
        int version = header(quote.part(HEADER, "header"));
        ByteCursor body = quote.part(bodySize(version, quote), "body");
        byte[] signed = Arrays.copyOf(bytes, quote.position());
        TdReport report = TdReport.parse(body);
        ByteCursor signatures = quote.part(quote.u32("signatures"), "signatures");
        byte[] signature = signatures.take(P256.PAIR, "signature");
        byte[] key = signatures.take(P256.PAIR, "attestation key");
        ByteCursor certified = typed(signatures, CERTIFIED_QE, "certification data");
        signatures.finished();
        QeReport qe = QeReport.parse(certified.take(QeReport.SIZE, "QE report"));
        byte[] qeSignature = certified.take(P256.PAIR, "QE report signature");
        int authSize = certified.u16("QE auth data");
        if (authSize > MOST_AUTH) {
            throw new AttestationException("the QE auth data has " + authSize + " bytes, at most " + MOST_AUTH + " are read");
        }
        byte[] auth = certified.take(authSize, "QE auth data");
        ByteCursor chain = typed(certified, CHAIN, "QE certification data");
        certified.finished();
        return new Quote(version, signed, report, signature, key, qe, qeSignature, auth, chain.take(chain.left(), "certificates"),
                new Tail(quote.position(), quote.left(), quote.onlyLeft(0)));
    }

    private static int header(ByteCursor header) throws AttestationException {
        int version = header.u16("version");
        if (version != 4 && version != 5) {
            throw new AttestationException("the quote has version " + version + ", expected 4 or 5");
        }
        int keyType = header.u16("attestation key type");
        long tee = header.u32("TEE type");
        if (keyType != KEY_P256 || tee != TEE_TDX) {
            throw new AttestationException("the quote has key type " + keyType + " and TEE type " + tee
                    + ", expected 2 (ECDSA P-256) and 129 (TDX)");
        }
        header.skip(4, "reserved");
        String vendor = HexFormat.of().formatHex(header.take(16, "QE vendor"));
        if (!vendor.equals(INTEL)) {
            throw new AttestationException("the quote's QE vendor is " + vendor + ", expected " + INTEL + " (Intel)");
        }
        return version;
    }

    private static int bodySize(int version, ByteCursor quote) throws AttestationException {
        if (version == 4) {
            return TdReport.SIZE_10;
        }
        int type = quote.u16("body type");
        long size = quote.u32("body size");
        int expected = switch (type) {
            case TD_10 -> TdReport.SIZE_10;
            case TD_15 -> TdReport.SIZE_15;
            default -> throw new AttestationException("the quote's body has type " + type + ", expected 2 or 3 (a TD report)");
        };
        if (size != expected) {
            throw new AttestationException("the quote's body of type " + type + " has " + size + " bytes, expected " + expected);
        }
        return expected;
    }

    private static ByteCursor typed(ByteCursor from, int expected, String field) throws AttestationException {
        int type = from.u16(field);
        if (type != expected) {
            throw new AttestationException("the " + field + " has type " + type + ", expected " + expected);
        }
        return from.part(from.u32(field), field);
    }
}
