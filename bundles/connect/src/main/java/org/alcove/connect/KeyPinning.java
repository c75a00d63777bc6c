package org.alcove.connect;

import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.HexFormat;
import java.util.Optional;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509ExtendedTrustManager;

/**
 * Trusts a key, not a name: while evidence is asked for, any key is taken down; afterwards only the one that the evidence holds.
 * Who signed the certificate says nothing about the machine.
 */
final class KeyPinning extends X509ExtendedTrustManager {

    private final Optional<byte[]> expected;
    private volatile Optional<byte[]> seen = Optional.empty();

    /** @param expected SHA-256 of the public key (SPKI); absent to take down whichever comes */
    KeyPinning(Optional<byte[]> expected) {
        this.expected = expected;
    }

    SSLContext context() {
        try {
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(null, new TrustManager[] {this}, null);
            return context;
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException("this JDK has no TLS", e);
        }
    }

    /** SHA-256 of the key that was shown last. */
    Optional<byte[]> seen() {
        return seen;
    }

    private void check(X509Certificate[] chain) throws CertificateException {
        byte[] hash;
        try {
            hash = MessageDigest.getInstance("SHA-256").digest(chain[0].getPublicKey().getEncoded());
        } catch (GeneralSecurityException e) {
            throw new CertificateException(e);
        }
        if (expected.isPresent() && !MessageDigest.isEqual(expected.get(), hash)) {
            throw new CertificateException("the server shows the TLS key " + HexFormat.of().formatHex(hash)
                    + ", its evidence holds " + HexFormat.of().formatHex(expected.get()));
        }
        seen = Optional.of(hash);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) throws CertificateException {
        check(chain);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) throws CertificateException {
        check(chain);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) throws CertificateException {
        check(chain);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) throws CertificateException {
        throw new CertificateException("this side only asks");
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) throws CertificateException {
        throw new CertificateException("this side only asks");
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) throws CertificateException {
        throw new CertificateException("this side only asks");
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return new X509Certificate[0];
    }
}
