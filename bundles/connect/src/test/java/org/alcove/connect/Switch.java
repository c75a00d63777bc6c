package org.alcove.connect;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** One address behind which another server may stand from one moment to the next, as in the hands of who runs the network. */
public final class Switch implements AutoCloseable {

    private final ServerSocket listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final List<Socket> open = new CopyOnWriteArrayList<>();
    private volatile URI behind;

    public Switch(URI behind) throws IOException {
        this.behind = behind;
        Thread.ofVirtual().start(this::accept);
    }

    public URI address() {
        return URI.create(behind.getScheme() + "://127.0.0.1:" + listening.getLocalPort());
    }

    /** Connections from now on go there; those that stand go on. */
    public void turn(URI other) {
        behind = other;
    }

    private void accept() {
        try {
            while (true) {
                Socket from = listening.accept();
                Socket to = new Socket(behind.getHost(), behind.getPort());
                open.addAll(List.of(from, to));
                Thread.ofVirtual().start(() -> copy(from, to));
                Thread.ofVirtual().start(() -> copy(to, from));
            }
        } catch (IOException over) {
            // It was closed.
        }
    }

    private static void copy(Socket from, Socket to) {
        try (from; to) {
            from.getInputStream().transferTo(to.getOutputStream());
        } catch (IOException over) {
            // One side has hung up; so does the other.
        }
    }

    @Override
    public void close() throws IOException {
        listening.close();
        for (Socket each : open) {
            each.close();
        }
    }
}
