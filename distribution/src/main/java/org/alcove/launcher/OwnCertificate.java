package org.alcove.launcher;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Collections;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;

/** The certificate and key that a process was given by {@code --tls}, for those who ask it on its own machine. */
final class OwnCertificate {

    private final KeyStore store;
    private final char[] password;

    private OwnCertificate(KeyStore store, char[] password) {
        this.store = store;
        this.password = password;
    }

    /** @throws UsageException if the file cannot be opened with this password */
    static OwnCertificate read(Path file, String password) throws IOException {
        try (InputStream in = Files.newInputStream(file)) {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(in, password.toCharArray());
            return new OwnCertificate(store, password.toCharArray());
        } catch (GeneralSecurityException | IOException e) {
            throw new UsageException("--tls " + file + ": " + e.getMessage() + "; is it a PKCS#12 file, and is "
                    + Binding.KEYSTORE_PASSWORD + " its password?");
        }
    }

    /** Show it: where processes know each other by certificates alone, nobody is answered without one. */
    KeyManager[] shown() throws GeneralSecurityException {
        KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        keys.init(store, password);
        return keys.getKeyManagers();
    }

    /** Trust it and no other, whoever made it. */
    TrustManager[] trusted() throws GeneralSecurityException, IOException {
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        for (String alias : Collections.list(store.aliases())) {
            trusted.setCertificateEntry(alias, store.getCertificate(alias));
        }
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(trusted);
        return trust.getTrustManagers();
    }
}
