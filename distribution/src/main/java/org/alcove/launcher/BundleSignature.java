package org.alcove.launcher;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.PrivateKey;
import java.security.PublicKey;
import java.security.Signature;
import java.security.interfaces.ECKey;
import java.security.spec.ECGenParameterSpec;
import java.security.spec.PKCS8EncodedKeySpec;
import java.security.spec.X509EncodedKeySpec;
import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/**
 * Detached signatures of jars: {@code X.jar.sig} holds one line, the signature in base64. Signed is not the jar itself but
 * {@code "alcove bundle signature 1\0"} and the 32 bytes of its SHA-256, so that no signature made for anything else passes.
 */
final class BundleSignature {

    /** What the name of a signature's file adds to that of its jar. */
    static final String SUFFIX = ".sig";
    private static final byte[] LABEL = "alcove bundle signature 1\0".getBytes(StandardCharsets.US_ASCII);
    private static final String PEM_BEGIN = "-----BEGIN PRIVATE KEY-----";
    private static final String PEM_END = "-----END PRIVATE KEY-----";
    private static final int P256_BITS = 256;
    private static final int LINE = 64;

    private BundleSignature() {
    }

    /** A new key pair: Ed25519, or ECDSA on P-256. */
    static KeyPair generate(boolean p256) throws GeneralSecurityException {
        if (!p256) {
            return KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        }
        KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
        generator.initialize(new ECGenParameterSpec("secp256r1"));
        return generator.generateKeyPair();
    }

    /** The private key as PEM (PKCS#8). */
    static String pem(PrivateKey key) {
        return PEM_BEGIN + "\n" + Base64.getMimeEncoder(LINE, new byte[] {'\n'}).encodeToString(key.getEncoded()) + "\n" + PEM_END
                + "\n";
    }

    /** Reads {@link #pem}. */
    static PrivateKey privateKey(Path file) throws IOException {
        String text = Files.readString(file).strip();
        if (!text.startsWith(PEM_BEGIN) || !text.endsWith(PEM_END)) {
            throw new UsageException(file + " is no private key (PEM, PKCS#8); ./alcove sign --new-key FILE makes one");
        }
        byte[] der = Base64.getMimeDecoder().decode(text.substring(PEM_BEGIN.length(), text.length() - PEM_END.length()));
        for (String algorithm : List.of("Ed25519", "EC")) {
            try {
                PrivateKey key = KeyFactory.getInstance(algorithm).generatePrivate(new PKCS8EncodedKeySpec(der));
                if (fits(key)) {
                    return key;
                }
            } catch (GeneralSecurityException other) {
                // Perhaps it is one of the other kind.
            }
        }
        throw new UsageException(file + " holds neither an Ed25519 key nor an ECDSA key on P-256");
    }

    /** A public key as policies spell it; empty where it is none, or of another kind. */
    static Optional<PublicKey> publicKey(String base64) {
        for (String algorithm : List.of("Ed25519", "EC")) {
            try {
                PublicKey key = KeyFactory.getInstance(algorithm).generatePublic(
                        new X509EncodedKeySpec(Base64.getDecoder().decode(base64)));
                if (fits(key)) {
                    return Optional.of(key);
                }
            } catch (GeneralSecurityException | IllegalArgumentException other) {
                // Perhaps it is one of the other kind.
            }
        }
        return Optional.empty();
    }

    private static boolean fits(java.security.Key key) {
        return !(key instanceof ECKey curve) || curve.getParams().getOrder().bitLength() == P256_BITS;
    }

    /** The signature as its file holds it. */
    static String sign(String digest, PrivateKey key) throws GeneralSecurityException {
        Signature signature = Signature.getInstance(algorithm(key.getAlgorithm()));
        signature.initSign(key);
        signature.update(LABEL);
        signature.update(HexFormat.of().parseHex(digest));
        return Base64.getEncoder().encodeToString(signature.sign()) + "\n";
    }

    /** Whether a file of a signature is this key's, over this digest. */
    static boolean verifies(String digest, byte[] file, PublicKey key) {
        try {
            Signature signature = Signature.getInstance(algorithm(key.getAlgorithm()));
            signature.initVerify(key);
            signature.update(LABEL);
            signature.update(HexFormat.of().parseHex(digest));
            return signature.verify(Base64.getDecoder().decode(new String(file, StandardCharsets.US_ASCII).strip()));
        } catch (GeneralSecurityException | IllegalArgumentException no) {
            // What is no signature of this kind of key is none of this key.
            return false;
        }
    }

    private static String algorithm(String key) {
        return key.equals("EC") ? "SHA256withECDSA" : "Ed25519";
    }
}
