package org.alcove.evidence;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.security.cert.Certificate;
import java.util.Collections;
import org.alcove.attestation.EvidenceDocument;

/** The key of the certificate that a process shows. */
final class TlsKey {

    private TlsKey() {
    }

    /**
     * SHA-256 of its public key (SPKI).
     *
     * @param file PKCS#12; empty where the process speaks no TLS, which gives zeros
     */
    static byte[] hash(String file, String password) throws IOException {
        if (file.isBlank()) {
            return new byte[EvidenceDocument.FIELD_BYTES];
        }
        try (InputStream in = Files.newInputStream(Path.of(file))) {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(in, password.toCharArray());
            for (String alias : Collections.list(store.aliases())) {
                if (store.isKeyEntry(alias)) {
                    Certificate certificate = store.getCertificate(alias);
                    return MessageDigest.getInstance("SHA-256").digest(certificate.getPublicKey().getEncoded());
                }
            }
        } catch (GeneralSecurityException e) {
            throw new IOException(file + " cannot be read as PKCS#12: " + e.getMessage(), e);
        }
        throw new IOException(file + " holds no key; give the file that --tls names");
    }
}
