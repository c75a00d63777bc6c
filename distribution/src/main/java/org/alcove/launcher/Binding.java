package org.alcove.launcher;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Where a process listens.
 *
 * @param host address to bind
 * @param port port to bind; 0 for any free one
 * @param keystore PKCS#12 file with the server's certificate and key
 * @param behindTlsProxy whether something else terminates TLS in front of us
 */
record Binding(String host, int port, Optional<Path> keystore, boolean behindTlsProxy) {

    /** Environment variable with the password of the keystore: command lines are visible to others. */
    static final String KEYSTORE_PASSWORD = "ALCOVE_TLS_PASSWORD";

    /** Whether other machines can reach it. */
    boolean isOpen() {
        return !address().isLoopbackAddress();
    }

    /** Whether what other machines send is encrypted on its way, here or by a proxy. */
    boolean isPrivate() {
        return keystore.isPresent() || behindTlsProxy;
    }

    /**
     * The port to bind: the one asked for if it is free, or a free one where any will do. Checked before anything is started,
     * because the HTTP service itself would only log that its port is taken.
     */
    int freePort() {
        try {
            return freePort(address(), port);
        } catch (IOException taken) {
            throw new UsageException("--port " + port + " of " + host + " cannot be bound (" + taken.getMessage()
                    + "); stop what uses it or choose another --port");
        }
    }

    /** A port if it is free; any free one for 0. */
    static int freePort(InetAddress address, int port) throws IOException {
        try (ServerSocket probe = new ServerSocket()) {
            probe.setReuseAddress(true);
            probe.bind(new InetSocketAddress(address, port));
            return probe.getLocalPort();
        }
    }

    /** The address of {@link #host}. */
    InetAddress address() {
        try {
            return InetAddress.getByName(host);
        } catch (UnknownHostException unknown) {
            throw new UsageException("--host " + host + " is not an address of this machine");
        }
    }

    /** Where the server answers, as people type it. */
    String url(int boundPort) {
        String name = address().isAnyLocalAddress() ? "127.0.0.1" : host.contains(":") ? "[" + host + "]" : host;
        return (keystore.isPresent() ? "https://" : "http://") + name + ":" + boundPort;
    }
}
