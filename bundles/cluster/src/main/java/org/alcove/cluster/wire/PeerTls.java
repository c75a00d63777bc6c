package org.alcove.cluster.wire;

import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.stream.Stream;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.TrustManagerFactory;
import javax.net.ssl.X509ExtendedTrustManager;

/** What TLS connections to others are made with. */
public final class PeerTls {

    /** No certificate to show; the platform's authorities are trusted. */
    public static final PeerTls PLATFORM = new PeerTls(null, null);

    private final KeyManager[] keys;
    private final TrustManager[] authorities;

    /**
     * @param keys what is shown; null for nothing
     * @param authorities who is trusted; null for those of the platform
     */
    PeerTls(KeyManager[] keys, TrustManager[] authorities) {
        this.keys = keys;
        this.authorities = authorities;
    }

    /** A new context, with sessions of its own. */
    SSLContext context() throws GeneralSecurityException {
        return context(authorities);
    }

    /**
     * The same for a peer that must show one key, beside a good certificate.
     *
     * @param key as {@link PeerRoute#tlsKey}
     */
    SSLContext pinned(String key) throws GeneralSecurityException {
        TrustManager[] usual = authorities;
        if (usual == null) {
            TrustManagerFactory factory = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
            factory.init((KeyStore) null);
            usual = factory.getTrustManagers();
        }
        X509ExtendedTrustManager judge = Stream.of(usual).filter(X509ExtendedTrustManager.class::isInstance)
                .map(X509ExtendedTrustManager.class::cast).findFirst()
                .orElseThrow(() -> new GeneralSecurityException("this JDK judges no certificates"));
        return context(new TrustManager[] {new OneKey(judge, key)});
    }

    private SSLContext context(TrustManager[] trusted) throws GeneralSecurityException {
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(keys, trusted, null);
        return context;
    }
}
