package org.alcove.attestation.tdx;

import java.util.Arrays;
import org.alcove.attestation.AttestationException;

/** Reads little-endian fields from front to back. A field is measured against what is left before a byte of it is touched. */
final class ByteCursor {
    private final byte[] bytes;
    private final int end;
    private final String what;
    private int position;

    ByteCursor(byte[] bytes, String what) {
        this(bytes, 0, bytes.length, what);
    }

    private ByteCursor(byte[] bytes, int position, int end, String what) {
        this.bytes = bytes;
        this.position = position;
        this.end = end;
        this.what = what;
    }

    int position() {
        return position;
    }

    int left() {
        return end - position;
    }

    byte[] take(long count, String field) throws AttestationException {
        int from = position;
        skip(count, field);
        return Arrays.copyOfRange(bytes, from, position);
    }

    void skip(long count, String field) throws AttestationException {
        if (count < 0 || count > left()) {
            throw new AttestationException(what + ": " + field + " at byte " + position + " needs " + count + " bytes, " + left()
                    + " are left");
        }
        position += (int) count;
    }

    /** The next {@code count} bytes as a cursor of their own. */
    ByteCursor part(long count, String field) throws AttestationException {
        int from = position;
        skip(count, field);
        return new ByteCursor(bytes, from, position, what + ", " + field);
    }

    int u8(String field) throws AttestationException {
        skip(1, field);
        return bytes[position - 1] & 0xff;
    }

    int u16(String field) throws AttestationException {
        skip(2, field);
        return bytes[position - 2] & 0xff | (bytes[position - 1] & 0xff) << 8;
    }

    long u32(String field) throws AttestationException {
        long low = u16(field);
        return low | (long) u16(field) << 16;
    }

    void finished() throws AttestationException {
        if (left() != 0) {
            throw new AttestationException(what + " has " + left() + " bytes too many at byte " + position);
        }
    }

    /** Whether all that is left is this byte. */
    boolean onlyLeft(int value) {
        for (int i = position; i < end; i++) {
            if ((bytes[i] & 0xff) != value) {
                return false;
            }
        }
        return true;
    }
}
