package org.alcove.attestation.tdx;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import org.alcove.attestation.AttestationException;

/**
 * Splits PEM or concatenated DER into its parts. PEM must be spelt as it is written by everybody: 64 columns, no text between,
 * shortest base64; a part is written again and compared, so that no second spelling of the same chain is accepted.
 */
final class Pem {
    private static final int COLUMNS = 64;
    private static final int MOST = 8;

    private Pem() {
    }

    /** The parts; behind the last one a line feed may be missing and one zero byte may follow, as drivers write it. */
    static List<byte[]> parts(byte[] bytes, String label) throws AttestationException {
        return bytes.length > 0 && bytes[0] == Der.SEQUENCE ? der(bytes) : pem(bytes, label);
    }

    private static List<byte[]> der(byte[] bytes) throws AttestationException {
        List<byte[]> parts = new ArrayList<>();
        Der all = new Der(bytes);
        while (all.more() && parts.size() < MOST) {
            parts.add(all.element());
        }
        all.finished();
        return parts;
    }

    private static List<byte[]> pem(byte[] bytes, String label) throws AttestationException {
        String text = new String(bytes, StandardCharsets.ISO_8859_1);
        if (text.endsWith("\0")) {
            text = text.substring(0, text.length() - 1);
        }
        if (!text.endsWith("\n")) {
            text += "\n";
        }
        String begin = "-----BEGIN " + label + "-----\n";
        String end = "-----END " + label + "-----\n";
        List<byte[]> parts = new ArrayList<>();
        int position = 0;
        while (position < text.length()) {
            int stop = text.indexOf(end, position);
            if (!text.startsWith(begin, position) || stop < 0 || parts.size() == MOST) {
                throw new AttestationException("PEM: no " + label + " in 64 columns at character " + position
                        + ", or more than " + MOST + " of them");
            }
            parts.add(decode(text.substring(position + begin.length(), stop), label));
            position = stop + end.length();
        }
        return parts;
    }

    private static byte[] decode(String lines, String label) throws AttestationException {
        try {
            byte[] decoded = Base64.getDecoder().decode(lines.replace("\n", ""));
            String again = Base64.getMimeEncoder(COLUMNS, new byte[] {'\n'}).encodeToString(decoded) + "\n";
            if (again.equals(lines)) {
                return decoded;
            }
        } catch (IllegalArgumentException e) {
            throw new AttestationException("PEM: a " + label + " is no base64: " + e.getMessage(), e);
        }
        throw new AttestationException("PEM: a " + label + " is not written in 64 columns of shortest base64");
    }
}
