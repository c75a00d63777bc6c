package org.alcove.launcher;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import javax.net.ssl.SSLContext;

/**
 * Asks the server at one of its own doors until it says yes: neither "not found", as before the door is there, nor "not yet".
 * Asked over the network and not in the registry, because an HTTP service that could not bind its port is still registered.
 */
final class ReadyWatch {

    /** By what name a server of this machine is asked where its certificate names no other. */
    static final String LOCALHOST = "localhost";

    private static final long POLL_NANOS = 20_000_000;
    private static final int TIMEOUT_MILLIS = 2_000;

    private final Binding binding;
    private final int port;
    private final byte[] request;

    /** @param door the path to ask for; who asks without a key is turned away there only once it is open */
    ReadyWatch(Binding binding, int port, String door) {
        this.binding = binding;
        this.port = port;
        this.request = get(door, LOCALHOST).getBytes(StandardCharsets.US_ASCII);
    }

    /** A request of one page, after which the connection ends. */
    static String get(String page, String host) {
        return "GET " + page + " HTTP/1.1\r\n" + headers(host) + "\r\n";
    }

    /** Of a request after which the connection ends. */
    static String headers(String host) {
        return "Host: " + host + "\r\nConnection: close\r\n";
    }

    /** Whether an answer is one of the door's own: neither "not found", as before it is there, nor "not yet". */
    static boolean isOpen(String answer) {
        return answer.startsWith("HTTP/1.1 ") && !answer.startsWith("HTTP/1.1 404") && !answer.startsWith("HTTP/1.1 5");
    }

    /** Returns once the server is ready. */
    void await() {
        Optional<SSLContext> secure = binding.keystore().map(ReadyWatch::ownContext);
        while (!ready(secure)) {
            LockSupport.parkNanos(POLL_NANOS);
        }
    }

    private boolean ready(Optional<SSLContext> secure) {
        try (Socket socket = connect(secure)) {
            socket.setSoTimeout(TIMEOUT_MILLIS);
            socket.getOutputStream().write(request);
            InputStream in = socket.getInputStream();
            String status = new String(in.readNBytes("HTTP/1.1 200".length()), StandardCharsets.US_ASCII);
            return isOpen(status);
        } catch (IOException notYet) {
            return false;
        }
    }

    private Socket connect(Optional<SSLContext> secure) throws IOException {
        InetAddress address = binding.address().isAnyLocalAddress() ? InetAddress.getLoopbackAddress() : binding.address();
        Socket plain = new Socket();
        plain.connect(new InetSocketAddress(address, port), TIMEOUT_MILLIS);
        return secure.isEmpty() ? plain
                : secure.get().getSocketFactory().createSocket(plain, address.getHostAddress(), port, true);
    }

    private static SSLContext ownContext(Path keystore) {
        try {
            OwnCertificate own = OwnCertificate.read(keystore,
                    System.getenv().getOrDefault(Binding.KEYSTORE_PASSWORD, ""));
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(own.shown(), own.trusted(), null);
            return context;
        } catch (GeneralSecurityException | IOException e) {
            throw new UsageException("--tls " + keystore + ": " + e.getMessage());
        }
    }
}
