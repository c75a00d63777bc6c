package org.alcove.launcher;

import java.io.IOException;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.nio.file.Path;
import java.util.List;
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
     * Keeps the port to bind: the one asked for if it is free, or a free one where any will do. Done before anything is started,
     * because the HTTP service itself would only log that its port is taken.
     *
     * @throws UsageException if it is taken
     */
    KeptPort keepPort() {
        try {
            return KeptPort.of(address(), port);
        } catch (IOException taken) {
            throw new UsageException("--port " + port + " of " + host + " cannot be bound (" + taken.getMessage()
                    + "); stop what uses it or choose another --port");
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
        return url(names().getFirst(), boundPort);
    }

    /** Where a server answers that shows a certificate: by the names of that alone. */
    String url(int boundPort, CertificateNames certified) {
        return url(certified.told(names()), boundPort);
    }

    private String url(String name, int boundPort) {
        return (keystore.isPresent() ? "https://" : "http://") + (name.contains(":") ? "[" + name + "]" : name) + ":" + boundPort;
    }

    /** By which names people reach it on this machine, the best one first. */
    private List<String> names() {
        String name = address().isAnyLocalAddress() ? "127.0.0.1" : host;
        return !isOpen() || address().isAnyLocalAddress() ? List.of(name, CertificateNames.LOCALHOST) : List.of(name);
    }
}
