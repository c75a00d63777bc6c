package org.alcove.launcher;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;

/**
 * A port that nobody else is given until the HTTP service listens there: bound without listening. On Linux the service may listen
 * there none the less, because both say that they use the address again; elsewhere the port is only tried.
 */
final class KeptPort implements AutoCloseable {

    private final Socket bound = new Socket();
    private final int number;

    private KeptPort(InetAddress address, int port) throws IOException {
        try {
            bound.setReuseAddress(true);
            bound.bind(new InetSocketAddress(address, port));
            number = bound.getLocalPort();
        } catch (IOException taken) {
            bound.close();
            throw taken;
        }
    }

    /**
     * Keeps a port.
     *
     * @param port 0 for any free one
     * @throws IOException if it is taken
     */
    static KeptPort of(InetAddress address, int port) throws IOException {
        KeptPort kept = new KeptPort(address, port);
        if (!System.getProperty("os.name").equals("Linux")) {
            kept.close();
        }
        return kept;
    }

    int number() {
        return number;
    }

    @Override
    public void close() {
        try {
            bound.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
