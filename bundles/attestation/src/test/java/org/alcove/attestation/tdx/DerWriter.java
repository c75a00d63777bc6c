package org.alcove.attestation.tdx;

import java.io.ByteArrayOutputStream;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;

/** The DER forms that certificates and revocation lists are made of. */
final class DerWriter {
    private static final DateTimeFormatter TIME = DateTimeFormatter.ofPattern("yyyyMMddHHmmss'Z'").withZone(ZoneOffset.UTC);

    private DerWriter() {
    }

    static byte[] element(int tag, byte[]... contents) {
        ByteArrayOutputStream content = new ByteArrayOutputStream();
        for (byte[] part : contents) {
            content.writeBytes(part);
        }
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(tag);
        int length = content.size();
        if (length < 0x80) {
            out.write(length);
        } else {
            byte[] digits = BigInteger.valueOf(length).toByteArray();
            int from = digits[0] == 0 ? 1 : 0;
            out.write(0x80 | digits.length - from);
            out.write(digits, from, digits.length - from);
        }
        out.writeBytes(content.toByteArray());
        return out.toByteArray();
    }

    static byte[] sequence(byte[]... contents) {
        return element(0x30, contents);
    }

    static byte[] integer(BigInteger value) {
        return element(0x02, value.toByteArray());
    }

    static byte[] integer(long value) {
        return integer(BigInteger.valueOf(value));
    }

    static byte[] octets(byte[]... content) {
        return element(0x04, content);
    }

    static byte[] bits(byte[] content, int unused) {
        return element(0x03, new byte[] {(byte) unused}, content);
    }

    static byte[] yes() {
        return element(0x01, new byte[] {(byte) 0xff});
    }

    static byte[] oid(String dotted) {
        String[] arcs = dotted.split("\\.");
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        out.write(Integer.parseInt(arcs[0]) * 40 + Integer.parseInt(arcs[1]));
        for (int i = 2; i < arcs.length; i++) {
            int arc = Integer.parseInt(arcs[i]);
            for (int shift = 28; shift > 0; shift -= 7) {
                if (arc >>> shift != 0) {
                    out.write(0x80 | arc >>> shift & 0x7f);
                }
            }
            out.write(arc & 0x7f);
        }
        return element(0x06, out.toByteArray());
    }

    static byte[] time(Instant at) {
        return element(0x18, TIME.format(at).getBytes(StandardCharsets.US_ASCII));
    }

    static byte[] name(String organisation, String common) {
        return sequence(attribute("2.5.4.10", organisation), attribute("2.5.4.3", common));
    }

    static byte[] extension(String oid, boolean critical, byte[] value) {
        return critical ? sequence(oid(oid), yes(), octets(value)) : sequence(oid(oid), octets(value));
    }

    private static byte[] attribute(String oid, String text) {
        return element(0x31, sequence(oid(oid), element(0x0c, text.getBytes(StandardCharsets.UTF_8))));
    }
}
