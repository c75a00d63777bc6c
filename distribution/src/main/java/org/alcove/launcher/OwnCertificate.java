package org.alcove.launcher;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.X509Certificate;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;
import javax.net.ssl.KeyManager;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/** The certificate and key that a process was given by {@code --tls}, for those who ask it on its own machine. */
final class OwnCertificate {

    private static final Duration SOON = Duration.ofDays(14);
    private static final String RENEW = "Make a new one (docs/security.md) and start the server again";

    private final KeyStore store;
    private final KeyManager[] shown;
    private final CertificateNames names;
    /** What is shown: the key's own certificate and those above it. */
    private final List<X509Certificate> chain;

    private OwnCertificate(KeyStore store, KeyManager[] shown, CertificateNames names, List<X509Certificate> chain) {
        this.store = store;
        this.shown = shown;
        this.names = names;
        this.chain = chain;
    }

    /** @throws UsageException if the file cannot be opened with this password, or no server could answer with what it holds */
    static OwnCertificate read(Path file, String password) {
        try {
            KeyStore store = open("--tls", file, password, Binding.KEYSTORE_PASSWORD);
            KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
            keys.init(store, password.toCharArray());
            List<String> names = new ArrayList<>();
            List<X509Certificate> chain = new ArrayList<>();
            for (String alias : Collections.list(store.aliases())) {
                if (store.isKeyEntry(alias) && store.getCertificate(alias) instanceof X509Certificate certificate) {
                    names.addAll(CertificateNames.of(certificate).names());
                    Stream.of(store.getCertificateChain(alias)).map(X509Certificate.class::cast).forEach(chain::add);
                }
            }
            if (chain.isEmpty()) {
                throw new UsageException("--tls " + file + " holds no certificate with its key; put both into it, as"
                        + " docs/security.md shows");
            }
            if (names.isEmpty()) {
                throw new UsageException("--tls " + file + ": its certificate is for no host by name or address, so nobody would"
                        + " be answered; make one with such a name (keytool … -ext san=dns:NAME)");
            }
            return new OwnCertificate(store, keys.getKeyManagers(), new CertificateNames(List.copyOf(names)), chain);
        } catch (GeneralSecurityException e) {
            throw unopened("--tls", file, e, Binding.KEYSTORE_PASSWORD);
        }
    }

    /**
     * Looks whether certificates can be read of those whom a process shall trust.
     *
     * @throws UsageException if there are none
     */
    static void requireAuthority(Path file, String password) {
        try {
            if (open("--cluster-ca", file, password, Membership.AUTHORITY_PASSWORD).size() == 0) {
                throw new UsageException("--cluster-ca " + file + " holds no certificate that Java trusts; put it there by"
                        + " keytool -importcert, as docs/security.md shows");
            }
        } catch (GeneralSecurityException e) {
            throw unopened("--cluster-ca", file, e, Membership.AUTHORITY_PASSWORD);
        }
    }

    private static KeyStore open(String flag, Path file, String password, String variable) throws GeneralSecurityException {
        try (InputStream in = Files.newInputStream(file)) {
            KeyStore store = KeyStore.getInstance("PKCS12");
            store.load(in, password.toCharArray());
            return store;
        } catch (IOException e) {
            throw unopened(flag, file, e, variable);
        }
    }

    private static UsageException unopened(String flag, Path file, Exception why, String variable) {
        // One that is cut off is a reason without words.
        String reason = why.getMessage() == null ? "it cannot be read" : why.getMessage();
        return new UsageException(flag + " " + file + ": " + reason + "; is it a PKCS#12 file, and is " + variable
                + " its password?");
    }

    /** Why those who check certificates refuse it, or soon will: its time. Nothing where it is valid for weeks to come. */
    Optional<String> concern(Instant now) {
        for (X509Certificate certificate : chain) {
            Instant begin = certificate.getNotBefore().toInstant();
            Instant end = certificate.getNotAfter().toInstant();
            String of = "The certificate of " + certificate.getSubjectX500Principal() + " in --tls ";
            if (now.isBefore(begin)) {
                return Optional.of(of + "is valid from " + begin + " on, and now is " + now + ": clients refuse it until then");
            }
            if (now.isAfter(end)) {
                return Optional.of(of + "was valid until " + end + ": clients refuse it. " + RENEW);
            }
            if (now.isAfter(end.minus(SOON))) {
                return Optional.of(of + "is valid until " + end + " only: clients refuse it from then on. " + RENEW);
            }
        }
        return Optional.empty();
    }

    /** Whom it is for. */
    CertificateNames names() {
        return names;
    }

    /** Show it: where processes know each other by certificates alone, nobody is answered without one. */
    KeyManager[] shown() {
        return shown.clone();
    }

    /** TLS of one who shows it, and trusts it and no other, whoever made it. */
    SSLContext context() throws GeneralSecurityException, IOException {
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        for (String alias : Collections.list(store.aliases())) {
            trusted.setCertificateEntry(alias, store.getCertificate(alias));
        }
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(shown, trust.getTrustManagers(), null);
        return context;
    }
}
