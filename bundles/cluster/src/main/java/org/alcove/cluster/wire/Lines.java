package org.alcove.cluster.wire;

import java.net.http.HttpClient;
import java.security.GeneralSecurityException;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;

/** Connections to other processes: a stock that all share, and one of its own for each peer that is bound to a key or machine. */
final class Lines implements AutoCloseable {

    private final PeerSettings settings;
    private final HttpClient shared;
    private final ExecutorService threads;
    private final Set<HttpClient> bound = ConcurrentHashMap.newKeySet();

    Lines(PeerSettings settings) {
        this.settings = settings;
        this.threads = Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("alcove-peer-", 0).factory());
        HttpClient.Builder builder = builder();
        settings.tls().ifPresent(builder::sslContext);
        this.shared = builder.build();
    }

    private HttpClient.Builder builder() {
        return HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).followRedirects(HttpClient.Redirect.NEVER)
                .proxy(HttpClient.Builder.NO_PROXY).connectTimeout(settings.connect()).executor(threads);
    }

    HttpClient shared() {
        return shared;
    }

    /**
     * Connections along one way: TLS to the name of the route, whatever machine is spoken to. Sessions are kept by machine, and
     * one that is taken up again is not compared with the name any more; so each way has sessions of its own.
     *
     * @throws PeerException if the name cannot be said in TLS, or the certificates cannot be used
     */
    HttpClient open(PeerRoute route) throws PeerException {
        try {
            PeerTls certificates = settings.certificates();
            SSLContext context = route.tlsKey().isPresent() ? certificates.pinned(route.tlsKey().get()) : certificates.context();
            SSLParameters parameters = context.getDefaultSSLParameters();
            if (route.at().isPresent()) {
                parameters.setServerNames(List.of(new SNIHostName(route.address().getHost())));
            }
            HttpClient opened = builder().sslContext(context).sslParameters(parameters).build();
            bound.removeIf(HttpClient::isTerminated);
            bound.add(opened);
            return opened;
        } catch (GeneralSecurityException | IllegalArgumentException e) {
            throw new PeerException("no TLS can be spoken with " + route.address() + ": " + e.getMessage(), e);
        }
    }

    /** No new requests along that way; those under way go on. */
    static void letGo(Optional<HttpClient> opened) {
        opened.ifPresent(HttpClient::shutdown);
    }

    /** No new requests; those under way go on, and what they need ends after them. */
    void retire() {
        shared.shutdown();
        bound.forEach(HttpClient::shutdown);
        Thread.ofVirtual().name("alcove-peer-retired").start(() -> {
            shared.close();
            bound.forEach(HttpClient::close);
            threads.shutdown();
        });
    }

    /** Ends all connections, those in use as well. */
    @Override
    public void close() {
        shared.shutdownNow();
        bound.forEach(HttpClient::shutdownNow);
        threads.shutdown();
    }
}
