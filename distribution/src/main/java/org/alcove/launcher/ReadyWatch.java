package org.alcove.launcher;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import javax.net.ssl.SSLContext;

/**
 * Asks the server at one of its own doors until it says yes: neither "not found", as before the door is there, nor "not yet".
 * Asked over the network and not in the registry, because an HTTP service that could not bind its port is still registered.
 */
final class ReadyWatch {

    private static final long POLL_NANOS = 20_000_000;
    private static final int TIMEOUT_MILLIS = 2_000;

    private final Binding binding;
    private final int port;
    private final String door;
    private final Optional<OwnCertificate> own;

    /**
     * @param door the path to ask for; who asks without a key is turned away there only once it is open
     * @param own what the server shows, where it speaks TLS
     */
    ReadyWatch(Binding binding, int port, String door, Optional<OwnCertificate> own) {
        this.binding = binding;
        this.port = port;
        this.door = door;
        this.own = own;
    }

    /** A request of one page, after which the connection ends. */
    static String get(String page, String host) {
        return "GET " + page + " HTTP/1.1\r\n" + headers(host) + "\r\n";
    }

    /** Of a request after which the connection ends. */
    static String headers(String host) {
        return "Host: " + host + "\r\nConnection: close\r\n";
    }

    /** Asks a server for a page, by a name of its certificate; returns its answer up to the status. */
    static String ask(Socket server, String page) throws IOException {
        server.getOutputStream().write(get(page, CertificateNames.asked(server)).getBytes(StandardCharsets.US_ASCII));
        return new String(server.getInputStream().readNBytes("HTTP/1.1 200".length()), StandardCharsets.US_ASCII);
    }

    /** Whether an answer is one of the door's own: neither "not found", as before it is there, nor "not yet", nor "not so". */
    static boolean isOpen(String answer) {
        return answer.startsWith("HTTP/1.1 ") && Stream.of("400", "404", "5").noneMatch(closed ->
                answer.startsWith(closed, "HTTP/1.1 ".length()));
    }

    /** Returns once the server is ready. */
    void await() {
        Optional<SSLContext> secure = own.map(ReadyWatch::context);
        while (!ready(secure)) {
            LockSupport.parkNanos(POLL_NANOS);
        }
    }

    private boolean ready(Optional<SSLContext> secure) {
        try (Socket socket = connect(secure)) {
            socket.setSoTimeout(TIMEOUT_MILLIS);
            return isOpen(ask(socket, door));
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

    private static SSLContext context(OwnCertificate own) {
        try {
            return own.context();
        } catch (GeneralSecurityException | IOException e) {
            throw new IllegalStateException(e);
        }
    }
}
