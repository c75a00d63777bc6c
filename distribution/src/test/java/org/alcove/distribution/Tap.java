package org.alcove.distribution;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocket;

/**
 * Stands in front of a process and takes down all that is sent to it and all that it answers. Where both speak TLS it hears
 * noise, until it is told to {@link #intercept}.
 */
final class Tap implements AutoCloseable {

    private static final int BUFFER = 8192;

    private final ServerSocket listening;
    private volatile URI target;
    private final ByteArrayOutputStream heard = new ByteArrayOutputStream();
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private volatile Optional<SSLContext> between = Optional.empty();

    /** In front of a process that is yet to be started, at an address of its own. */
    Tap() throws IOException {
        this.listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    }

    Tap(String target) throws IOException {
        this();
        stand(target);
    }

    /** Begins to carry to that process. */
    void stand(String process) {
        target = URI.create(process);
        Thread.ofVirtual().start(this::accept);
    }

    /** Ends all connections; new ones end here and others lead on, both with this certificate. With none they pass whole. */
    void intercept(Optional<SSLContext> shown) throws IOException {
        between = shown;
        for (Socket socket : open) {
            socket.close();
        }
    }

    /** The port under which others reach the process. */
    int port() {
        return listening.getLocalPort();
    }

    String url() {
        return "http://127.0.0.1:" + listening.getLocalPort();
    }

    /** Both directions of all connections, mixed. */
    String heard() {
        synchronized (heard) {
            return heard.toString(StandardCharsets.ISO_8859_1);
        }
    }

    private void accept() {
        while (!listening.isClosed()) {
            try {
                Socket from = listening.accept();
                open.add(from);
                Thread.ofVirtual().start(() -> lead(from));
            } catch (IOException e) {
                return;
            }
        }
    }

    private void lead(Socket from) {
        try {
            Optional<SSLContext> tls = between;
            Socket to = new Socket(target.getHost(), target.getPort());
            open.add(to);
            if (tls.isPresent()) {
                SSLSocket inner = (SSLSocket) tls.get().getSocketFactory().createSocket(from, null, from.getPort(), true);
                inner.setUseClientMode(false);
                Socket outer = tls.get().getSocketFactory().createSocket(to, target.getHost(), target.getPort(), true);
                inner.startHandshake();
                Thread.ofVirtual().start(() -> carry(inner, outer));
                carry(outer, inner);
            } else {
                Thread.ofVirtual().start(() -> carry(from, to));
                carry(to, from);
            }
        } catch (IOException e) {
            close(from);
        }
    }

    private static void close(Socket socket) {
        try {
            socket.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void carry(Socket from, Socket to) {
        try (from; to) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            byte[] buffer = new byte[BUFFER];
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                synchronized (heard) {
                    heard.write(buffer, 0, read);
                }
                out.write(buffer, 0, read);
                out.flush();
            }
        } catch (IOException e) {
            // One side has hung up; the other is told by its socket.
        }
    }

    @Override
    public void close() throws IOException {
        listening.close();
    }
}
