package org.alcove.attestation.tdx;

import java.math.BigInteger;
import java.util.Arrays;
import org.alcove.attestation.AttestationException;

/**
 * Reads the few DER forms that the JDK leaves as bytes: definite, shortest lengths and one-byte tags only, as DER has it in
 * certificates.
 */
final class Der {
    static final int INTEGER = 0x02;
    static final int OCTET_STRING = 0x04;
    static final int OID = 0x06;
    static final int SEQUENCE = 0x30;
    static final int SET = 0x31;

    private final byte[] bytes;
    private final int end;
    private int position;

    Der(byte[] bytes) {
        this(bytes, 0, bytes.length);
    }

    private Der(byte[] bytes, int position, int end) {
        this.bytes = bytes;
        this.position = position;
        this.end = end;
    }

    boolean more() {
        return position < end;
    }

    int tag() throws AttestationException {
        need(1);
        return bytes[position] & 0xff;
    }

    /** Steps into the next element, which must have this tag. */
    Der enter(int tag) throws AttestationException {
        if (tag() != tag) {
            throw new AttestationException("DER: tag " + tag() + " at byte " + position + ", expected " + tag);
        }
        position++;
        int length = length();
        need(length);
        position += length;
        return new Der(bytes, position - length, position);
    }

    /** The content of the next element, which must have this tag. */
    byte[] content(int tag) throws AttestationException {
        Der inside = enter(tag);
        return Arrays.copyOfRange(bytes, inside.position, inside.end);
    }

    int integer(int largest) throws AttestationException {
        byte[] content = content(INTEGER);
        if (content.length == 0 || content.length > 4) {
            throw new AttestationException("DER: an integer of " + content.length + " bytes, expected 1 to 4");
        }
        BigInteger value = new BigInteger(content);
        if (value.signum() < 0 || value.compareTo(BigInteger.valueOf(largest)) > 0) {
            throw new AttestationException("DER: an integer of " + value + ", expected 0 to " + largest);
        }
        return value.intValue();
    }

    void finished() throws AttestationException {
        if (more()) {
            throw new AttestationException("DER: " + (end - position) + " bytes too many at byte " + position);
        }
    }

    /** The next element whole, tag and length with it. */
    byte[] element() throws AttestationException {
        int from = position;
        enter(tag());
        return Arrays.copyOfRange(bytes, from, position);
    }

    private int length() throws AttestationException {
        need(1);
        int first = bytes[position++] & 0xff;
        if (first < 0x80) {
            return first;
        }
        int count = first & 0x7f;
        if (count == 0 || count > 3) {
            throw new AttestationException("DER: a length of " + count + " bytes at byte " + position + ", expected 1 to 3");
        }
        need(count);
        int length = 0;
        for (int i = 0; i < count; i++) {
            length = length << 8 | bytes[position++] & 0xff;
        }
        if (length < 0x80 || length >>> 8 * (count - 1) == 0) {
            throw new AttestationException("DER: the length " + length + " takes " + count
                    + " bytes, that is not the shortest form");
        }
        return length;
    }

    private void need(int count) throws AttestationException {
        if (count > end - position) {
            throw new AttestationException("DER: " + count + " bytes needed at byte " + position + ", " + (end - position)
                    + " are left");
        }
    }
}
