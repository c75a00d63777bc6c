package org.alcove.launcher;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.SecureRandom;
import java.security.cert.X509Certificate;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import javax.net.ssl.KeyManager;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;

/**
 * Asks a server on this machine for one page, for those who watch a container that has neither a shell nor {@code curl}.
 *
 * @param page where to ask, on loopback
 * @param keystore PKCS#12 file with the certificate to show to a server that answers nobody without one: its own
 * @param password of that file
 */
record HealthCheck(URI page, Optional<Path> keystore, String password) {

    private static final int TIMEOUT_MILLIS = 5_000;
    private static final String TLS = "--tls";

    /**
     * Reads what stands behind the verb.
     *
     * @param environment with the password of the keystore
     * @throws UsageException if the address is none of this machine, or not one of a page, or a flag makes no sense
     */
    static HealthCheck of(List<String> arguments, Map<String, String> environment) {
        if (!arguments.isEmpty()) {
            Flags flags = Flags.parse("health", arguments.subList(1, arguments.size()), Set.of(TLS), Set.of());
            String password = environment.getOrDefault(Binding.KEYSTORE_PASSWORD, "");
            try {
                URI page = URI.create(arguments.getFirst());
                boolean web = "http".equals(page.getScheme()) || "https".equals(page.getScheme());
                if (web && page.getHost() != null && page.getPort() > 0 && host(page).isLoopbackAddress()) {
                    return new HealthCheck(page, flags.file(TLS), password);
                }
            } catch (IllegalArgumentException malformed) {
                // told below, with the same words as an address elsewhere
            }
        }
        throw new UsageException("health asks one page of this machine, by localhost, 127.0.0.1 or [::1] and with its port, for"
                + " example http://127.0.0.1:8080/readyz");
    }

    /** No other name is looked up: what it means is decided elsewhere. */
    private static InetAddress host(URI page) {
        return page.getHost().equalsIgnoreCase(CertificateNames.LOCALHOST) ? InetAddress.getLoopbackAddress()
                : InetAddress.ofLiteral(page.getHost());
    }

    /** Returns 0 if the page answers with a status below 300, else 1. */
    int run() {
        try (Socket socket = connect()) {
            socket.setSoTimeout(TIMEOUT_MILLIS);
            String status = ReadyWatch.ask(socket, page.getRawPath());
            boolean fine = status.startsWith("HTTP/1.1 2");
            if (!fine) {
                System.err.println("alcove: " + page + " answers " + status);
            }
            return fine ? 0 : 1;
        } catch (IOException | GeneralSecurityException away) {
            System.err.println("alcove: " + page + " does not answer: " + away.getMessage()
                    + (page.getScheme().equals("https") && keystore.isEmpty()
                    ? "; if it asks for certificates, give " + TLS + " FILE.p12, as it was given" : ""));
            return 1;
        }
    }

    private Socket connect() throws IOException, GeneralSecurityException {
        Socket plain = new Socket();
        plain.connect(new InetSocketAddress(host(page), page.getPort()), TIMEOUT_MILLIS);
        if (page.getScheme().equals("http")) {
            return plain;
        }
        SSLContext context = SSLContext.getInstance("TLS");
        KeyManager[] shown = keystore.isPresent() ? OwnCertificate.read(keystore.get(), password).shown() : null;
        context.init(shown, new TrustManager[] {new Anybody()}, new SecureRandom());
        return context.getSocketFactory().createSocket(plain, CertificateNames.LOCALHOST, page.getPort(), true);
    }

    /** Whoever listens on this machine is asked whether it lives, and is told nothing: it need not prove who it is. */
    private static final class Anybody implements X509TrustManager {

        @Override
        public void checkClientTrusted(X509Certificate[] chain, String type) {
            throw new UnsupportedOperationException("this side only asks");
        }

        @Override
        public void checkServerTrusted(X509Certificate[] chain, String type) {
            // Nothing to check, see above.
        }

        @Override
        public X509Certificate[] getAcceptedIssuers() {
            return new X509Certificate[0];
        }
    }
}
