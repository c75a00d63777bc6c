package org.alcove.launcher;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.Collections;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import javax.net.ssl.SSLContext;
import javax.net.ssl.TrustManagerFactory;

/**
 * Asks the server's own door, {@code GET /readyz}, until it says yes. Asked over the network and not in the registry, because an
 * HTTP service that could not bind its port is still registered.
 */
final class ReadyWatch {

    private static final long POLL_NANOS = 20_000_000;
    private static final String REQUEST = "GET /readyz HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n";
    private static final int TIMEOUT_MILLIS = 2_000;

    private final ServeOptions options;
    private final int port;

    ReadyWatch(ServeOptions options, int port) {
        this.options = options;
        this.port = port;
    }

    /** Returns once the server is ready, or when {@code cancelled}; whether it is ready. */
    boolean await(BooleanSupplier cancelled) {
        while (!cancelled.getAsBoolean()) {
            if (ready()) {
                return true;
            }
            LockSupport.parkNanos(POLL_NANOS);
        }
        return false;
    }

    private boolean ready() {
        try (Socket socket = connect()) {
            socket.setSoTimeout(TIMEOUT_MILLIS);
            socket.getOutputStream().write(REQUEST.getBytes(StandardCharsets.US_ASCII));
            InputStream in = socket.getInputStream();
            String status = new String(in.readNBytes("HTTP/1.1 200".length()), StandardCharsets.US_ASCII);
            return status.equals("HTTP/1.1 200");
        } catch (IOException notYet) {
            return false;
        }
    }

    private Socket connect() throws IOException {
        InetAddress address = options.address().isAnyLocalAddress() ? InetAddress.getLoopbackAddress() : options.address();
        Socket plain = new Socket();
        plain.connect(new InetSocketAddress(address, port), TIMEOUT_MILLIS);
        if (options.keystore().isEmpty()) {
            return plain;
        }
        try {
            return trustingOurselves().getSocketFactory().createSocket(plain, address.getHostAddress(), port, true);
        } catch (GeneralSecurityException e) {
            throw new UsageException("--tls " + options.keystore().get() + ": " + e.getMessage()
                    + "; is it a PKCS#12 file, and is " + ServeOptions.KEYSTORE_PASSWORD + " its password?");
        }
    }

    /** The server's certificate may be of anybody's making; here it is trusted because it is the one in our keystore. */
    private SSLContext trustingOurselves() throws GeneralSecurityException, IOException {
        KeyStore own = KeyStore.getInstance("PKCS12");
        try (InputStream in = Files.newInputStream(options.keystore().orElseThrow())) {
            own.load(in, System.getenv().getOrDefault(ServeOptions.KEYSTORE_PASSWORD, "").toCharArray());
        }
        KeyStore trusted = KeyStore.getInstance("PKCS12");
        trusted.load(null, null);
        for (String alias : Collections.list(own.aliases())) {
            trusted.setCertificateEntry(alias, own.getCertificate(alias));
        }
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        return context;
    }
}
