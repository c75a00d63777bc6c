package org.alcove.launcher;

import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.util.concurrent.locks.LockSupport;
import javax.net.ssl.SSLContext;

/**
 * Asks the server at one of its own doors until it says yes: neither "not found", as before the door is there, nor "not yet".
 * Asked over the network and not in the registry, because an HTTP service that could not bind its port is still registered.
 */
final class ReadyWatch {

    /** Of a request after which the connection ends. */
    static final String HEADERS = "Host: localhost\r\nConnection: close\r\n";

    private static final long POLL_NANOS = 20_000_000;
    private static final int TIMEOUT_MILLIS = 2_000;

    private final Binding binding;
    private final int port;
    private final byte[] request;

    /** @param door the path to ask for; who asks without a key is turned away there only once it is open */
    ReadyWatch(Binding binding, int port, String door) {
        this.binding = binding;
        this.port = port;
        this.request = get(door).getBytes(StandardCharsets.US_ASCII);
    }

    /** A request of one page, after which the connection ends. */
    static String get(String page) {
        return "GET " + page + " HTTP/1.1\r\n" + HEADERS + "\r\n";
    }

    /** Whether an answer is one of the door's own: neither "not found", as before it is there, nor "not yet". */
    static boolean isOpen(String answer) {
        return answer.startsWith("HTTP/1.1 ") && !answer.startsWith("HTTP/1.1 404") && !answer.startsWith("HTTP/1.1 5");
    }

    /** Returns once the server is ready. */
    void await() {
        while (!ready()) {
            LockSupport.parkNanos(POLL_NANOS);
        }
    }

    private boolean ready() {
        try (Socket socket = connect()) {
            socket.setSoTimeout(TIMEOUT_MILLIS);
            socket.getOutputStream().write(request);
            InputStream in = socket.getInputStream();
            String status = new String(in.readNBytes("HTTP/1.1 200".length()), StandardCharsets.US_ASCII);
            return isOpen(status);
        } catch (IOException notYet) {
            return false;
        }
    }

    private Socket connect() throws IOException {
        InetAddress address = binding.address().isAnyLocalAddress() ? InetAddress.getLoopbackAddress() : binding.address();
        Socket plain = new Socket();
        plain.connect(new InetSocketAddress(address, port), TIMEOUT_MILLIS);
        if (binding.keystore().isEmpty()) {
            return plain;
        }
        String password = System.getenv().getOrDefault(Binding.KEYSTORE_PASSWORD, "");
        try {
            OwnCertificate own = OwnCertificate.read(binding.keystore().get(), password);
            SSLContext context = SSLContext.getInstance("TLS");
            context.init(own.shown(), own.trusted(), null);
            return context.getSocketFactory().createSocket(plain, address.getHostAddress(), port, true);
        } catch (GeneralSecurityException e) {
            throw new UsageException("--tls " + binding.keystore().get() + ": " + e.getMessage());
        }
    }
}
