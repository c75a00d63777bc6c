package org.alcove.weights.sealed;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Arrays;
import java.util.Base64;
import java.util.HexFormat;
import javax.crypto.KDF;
import javax.crypto.spec.HKDFParameterSpec;
import org.alcove.weights.ModelFormatException;

/** A key that models are sealed with. Closing it wipes it. */
final class ModelKey implements AutoCloseable {

    static final int BYTES = 32;
    static final int ID_BYTES = 16;
    private static final String CONTEXT = "alcove sealed model 1 ";

    private final byte[] key;

    ModelKey(byte[] key) {
        this.key = key.clone();
    }

    /**
     * Reads a key from what holds it: the 32 bytes themselves, or as text in hexadecimal digits or Base64.
     *
     * @param content wiped
     * @param place named in messages; what it holds never is
     */
    static ModelKey of(byte[] content, String place) throws ModelFormatException {
        byte[] key = content;
        try {
            if (content.length != BYTES) {
                key = decoded(new String(content, StandardCharsets.ISO_8859_1).strip());
            }
            if (key.length == BYTES) {
                return new ModelKey(key);
            }
        } finally {
            Arrays.fill(content, (byte) 0);
            Arrays.fill(key, (byte) 0);
        }
        throw new ModelFormatException(place + ": it holds " + content.length + " bytes, which are no key of a model: that is "
                + BYTES + " bytes, or " + BYTES + " bytes as hexadecimal digits or in Base64");
    }

    private static byte[] decoded(String text) {
        try {
            return text.length() == 2 * BYTES ? HexFormat.of().parseHex(text) : Base64.getDecoder().decode(text);
        } catch (IllegalArgumentException neither) {
            return new byte[0];
        }
    }

    /** Tells keys apart without telling the key. */
    byte[] id() {
        return derive(new byte[0], "key id", ID_BYTES);
    }

    /** The key that one file's chunks are sealed with. */
    byte[] chunkKey(byte[] salt) {
        return derive(salt, "chunks", BYTES);
    }

    /** The key that authenticates one file's header. */
    byte[] headerKey(byte[] salt) {
        return derive(salt, "header", BYTES);
    }

    private byte[] derive(byte[] salt, String use, int length) {
        byte[] info = (CONTEXT + use).getBytes(StandardCharsets.US_ASCII);
        try {
            return KDF.getInstance("HKDF-SHA256")
                    .deriveData(HKDFParameterSpec.ofExtract().addSalt(salt).addIKM(key).thenExpand(info, length));
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this JDK has no HKDF-SHA256; run Alcove on JDK 25 or later", e);
        }
    }

    @Override
    public void close() {
        Arrays.fill(key, (byte) 0);
    }
}
