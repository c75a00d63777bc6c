package org.alcove.cluster.wire;

import java.net.Socket;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.HexFormat;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.X509ExtendedTrustManager;

/** Trusts whom another one trusts, where he shows one certain key. */
final class OneKey extends X509ExtendedTrustManager {

    private final X509ExtendedTrustManager usual;
    private final String key;

    /** @param key as {@link PeerRoute#tlsKey} */
    OneKey(X509ExtendedTrustManager usual, String key) {
        this.usual = usual;
        this.key = key;
    }

    private void look(X509Certificate[] chain) throws CertificateException {
        String shown = HexFormat.of().formatHex(TlsFiles.hash(chain[0]));
        if (!shown.equals(key)) {
            throw new CertificateException("it shows the TLS key " + shown + ", but " + key
                    + " was admitted; somebody is in between, or another process has taken its place and must register");
        }
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, SSLEngine engine) throws CertificateException {
        usual.checkServerTrusted(chain, type, engine);
        look(chain);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type, Socket socket) throws CertificateException {
        usual.checkServerTrusted(chain, type, socket);
        look(chain);
    }

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String type) throws CertificateException {
        usual.checkServerTrusted(chain, type);
        look(chain);
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, SSLEngine engine) throws CertificateException {
        throw askedOnly();
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type, Socket socket) throws CertificateException {
        throw askedOnly();
    }

    @Override
    public void checkClientTrusted(X509Certificate[] chain, String type) throws CertificateException {
        throw askedOnly();
    }

    private static CertificateException askedOnly() {
        return new CertificateException("this end asks and is not asked");
    }

    @Override
    public X509Certificate[] getAcceptedIssuers() {
        return usual.getAcceptedIssuers();
    }
}
