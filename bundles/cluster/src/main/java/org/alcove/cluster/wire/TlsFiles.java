package org.alcove.cluster.wire;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.security.cert.Certificate;
import java.util.Optional;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import org.alcove.configuration.GivenValues;

/**
 * The PKCS#12 files that hold certificates. Empty names are files that are not given.
 *
 * @param authority certificate of the authority that signed those of all peers; without it the platform's authorities are trusted
 * @param own certificate and key to show
 */
public record TlsFiles(String authority, String authorityPassword, String own, String ownPassword) {

    /** Those that a configuration names. */
    public static TlsFiles of(GivenValues values) {
        return new TlsFiles(values.text("ca_file"), values.text("ca_password"), values.text("keystore_file"),
                values.text("keystore_password"));
    }

    /**
     * Reads the files.
     *
     * @return nothing where no file is given
     * @throws IOException if one cannot be read; the message says which and what to do
     */
    public Optional<SSLContext> context() throws IOException {
        return context(read());
    }

    Optional<SSLContext> context(Optional<PeerTls> read) throws IOException {
        try {
            return read.isEmpty() ? Optional.empty() : Optional.of(read.get().context());
        } catch (GeneralSecurityException e) {
            throw unusable(e);
        }
    }

    /** What the files hold; the same as {@link #context()}. */
    Optional<PeerTls> read() throws IOException {
        if (authority.isEmpty() && own.isEmpty()) {
            return Optional.empty();
        }
        try {
            return Optional.of(new PeerTls(own.isEmpty() ? null : keys(), authority.isEmpty() ? null : authorities()));
        } catch (GeneralSecurityException e) {
            throw unusable(e);
        }
    }

    private IOException unusable(GeneralSecurityException e) {
        return new IOException("the certificates of " + (authority.isEmpty() ? own : authority) + " cannot be used: "
                + e.getMessage(), e);
    }

    private KeyManager[] keys() throws IOException, GeneralSecurityException {
        KeyManagerFactory factory = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
        factory.init(store(own, ownPassword, "keystore_file"), ownPassword.toCharArray());
        return factory.getKeyManagers();
    }

    private TrustManager[] authorities() throws IOException, GeneralSecurityException {
        KeyStore store = store(authority, authorityPassword, "ca_file");
        if (store.size() == 0) {
            throw new IOException(authority + " (ca_file) holds no certificate; import that of the authority with keytool"
                    + " -importcert -keystore " + authority + " -storetype PKCS12");
        }
        TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        factory.init(store);
        return factory.getTrustManagers();
    }

    private static KeyStore store(String file, String password, String property) throws IOException, GeneralSecurityException {
        KeyStore store = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(Path.of(file))) {
            store.load(in, password.toCharArray());
            return store;
        } catch (IOException e) {
            throw new IOException(file + " (" + property + ") cannot be read as PKCS#12; correct the file's name, permissions or"
                    + " password", e);
        }
    }

    /** SHA-256 of the public key (SPKI) that the other side of a connection showed; nothing where it was no TLS. */
    static Optional<byte[]> shown(Optional<SSLSession> session) {
        return session.map(open -> {
            try {
                return hash(open.getPeerCertificates()[0]);
            } catch (SSLPeerUnverifiedException e) {
                throw new IllegalStateException("a TLS peer without a certificate was talked to", e);
            }
        });
    }

    /** SHA-256 of a certificate's public key (SPKI). */
    static byte[] hash(Certificate certificate) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(certificate.getPublicKey().getEncoded());
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("this JDK has no SHA-256", e);
        }
    }
}
