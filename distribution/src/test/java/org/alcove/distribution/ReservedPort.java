package org.alcove.distribution;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;

/**
 * A port of this machine that a process of a test gets, loses and gets again: bound here without listening, so that nobody else
 * is given it meanwhile, and whoever asks there is refused while the process is away. A server may listen there none the less,
 * because both say that they use the address again.
 */
final class ReservedPort implements AutoCloseable {

    private final Socket bound = new Socket();

    ReservedPort() throws IOException {
        bound.setReuseAddress(true);
        bound.bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0));
    }

    int number() {
        return bound.getLocalPort();
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
