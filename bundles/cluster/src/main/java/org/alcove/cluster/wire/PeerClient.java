package org.alcove.cluster.wire;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpConnectTimeoutException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.channels.UnresolvedAddressException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLHandshakeException;

/**
 * Asks other processes. It follows no redirects, asks no proxy, waits for nothing without limit and reads no answer without
 * limit. Connections are kept and used again. Thread-safe.
 */
public final class PeerClient implements AutoCloseable {

    private final PeerSettings settings;
    private final boolean showsSecret;
    private final Lines lines;
    private final Optional<PeerRoute> route;
    /** Connections along the route, opened when they are needed. Guarded by this. */
    private Optional<HttpClient> own = Optional.empty();
    private boolean released;

    /** Opens nothing yet; {@link #close()} ends what it will have opened. */
    public PeerClient(PeerSettings settings) {
        this(settings, true, new Lines(settings), Optional.empty());
    }

    private PeerClient(PeerSettings settings, boolean showsSecret, Lines lines, Optional<PeerRoute> route) {
        this.settings = settings;
        this.showsSecret = showsSecret;
        this.lines = lines;
        this.route = route;
    }

    /**
     * The same client without the secret, for peers that are not known to be ours. It ends with this one and needs no closing.
     */
    public PeerClient anonymous() {
        return new PeerClient(settings, false, lines, route);
    }

    /**
     * The same client for one peer: what it asks at the route's address goes to the machine that the route names, and over TLS to
     * none that shows another key. Where a proxy or service mesh adds TLS, it is the one that knows machines, and names are left
     * to it. It ends with this one; who needs it no longer may {@link #release} it before.
     */
    public PeerClient along(PeerRoute way) {
        PeerRoute bound = settings.plainSecret() ? way.byName() : way;
        return bound.bound() ? new PeerClient(settings, showsSecret, lines, Optional.of(bound)) : this;
    }

    /** Asks no more along the route it was made for; answers that are coming go on. Without a route nothing happens. */
    public void release() {
        synchronized (this) {
            released = route.isPresent();
            Lines.letGo(own);
        }
    }

    private synchronized HttpClient http() throws PeerException {
        if (released) {
            throw new PeerException(route.get().address() + " is no longer asked: it has left, or is reached in another way now");
        }
        if (route.isEmpty() || !route.get().encrypted()) {
            return lines.shared();
        }
        if (own.isEmpty()) {
            own = Optional.of(lines.open(route.get()));
        }
        return own.get();
    }

    /** How it speaks. */
    public PeerSettings settings() {
        return settings;
    }

    /**
     * A short answer.
     *
     * @param status of HTTP
     * @param body all of it
     * @param who whose answer it is, for messages
     * @param tlsKey what the connection showed: SHA-256 of the peer's public key (SPKI); absent where it was no TLS
     */
    public record Answer(int status, byte[] body, String who, Optional<byte[]> tlsKey) {

        /** The object it holds. */
        public Fields fields() {
            return Json.read(body, who);
        }

        /** Whether the peer did what it was asked. */
        public boolean fine() {
            return status >= 200 && status < 300;
        }
    }

    /**
     * An answer that is still coming.
     *
     * @param status of HTTP
     * @param body to be closed by whoever has it
     * @param who whose answer it is, for messages
     * @param tlsKey as {@link Answer#tlsKey}
     */
    public record Opened(int status, BodyStream body, String who, Optional<byte[]> tlsKey) implements AutoCloseable {

        @Override
        public void close() {
            body.close();
        }
    }

    /** Asks with GET; the same failures as {@link #post}. */
    public Answer get(URI address, String path) throws IOException {
        return whole(exchange(request(address, path).GET().build(), address, settings.answer()));
    }

    /**
     * Asks with POST.
     *
     * @param address of the peer, without a path
     * @param path with its slash
     * @throws PeerException if the peer cannot be reached or does not answer in time
     * @throws InterruptedIOException if the caller is interrupted, which it stays
     * @throws WireException if the answer is longer than {@link PeerSettings#maxBodyBytes()}
     */
    public Answer post(URI address, String path, JsonNode body) throws IOException {
        return whole(open(address, path, body));
    }

    /** Asks with POST and gives the answer while it comes; the head comes within {@link PeerSettings#answer()}. */
    public Opened open(URI address, String path, JsonNode body) throws IOException {
        return open(address, path, body, settings.answer());
    }

    /** Asks with POST and gives the answer while it comes, the head of it within {@code limit}. */
    public Opened open(URI address, String path, JsonNode body, Duration limit) throws IOException {
        HttpRequest request = request(address, path).header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofByteArray(Json.bytes(body))).build();
        return exchange(request, address, limit);
    }

    private HttpRequest.Builder request(URI address, String path) throws PeerException {
        Optional<PeerRoute> way = route.filter(known -> known.address().equals(address));
        String base = way.map(PeerRoute::target).orElse(address).toString();
        try {
            HttpRequest.Builder builder = HttpRequest
                    .newBuilder(URI.create((base.endsWith("/") ? base.substring(0, base.length() - 1) : base) + path));
            if (way.flatMap(PeerRoute::at).isPresent()) {
                // Java lets nobody set it unless it was started with -Djdk.httpclient.allowRestrictedHeaders=host.
                builder.header("Host", address.getAuthority());
            }
            if (showsSecret && settings.secret().isPresent()) {
                if (!settings.mayShowSecret(address)) {
                    throw new PeerException("the secret would go to " + address + " without TLS; give that process an https"
                            + " address, or say --behind-tls-proxy where something else encrypts");
                }
                builder.header("Authorization", settings.secret().get().authorization());
            }
            return builder;
        } catch (IllegalArgumentException e) {
            throw new PeerException("the address " + address + " is none of http or https: " + e.getMessage(), e);
        }
    }

    private Opened exchange(HttpRequest request, URI address, Duration limit) throws IOException {
        CompletableFuture<HttpResponse<BodyStream>> sent = http().sendAsync(request, head -> new BodyStream());
        try {
            HttpResponse<BodyStream> response = sent.get(limit.toNanos(), TimeUnit.NANOSECONDS);
            return new Opened(response.statusCode(), response.body(), address.toString(), TlsFiles.shown(response.sslSession()));
        } catch (TimeoutException e) {
            abandon(sent);
            throw new PeerException(address + " did not answer within " + limit.toMillis() + " ms");
        } catch (InterruptedException e) {
            abandon(sent);
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while waiting for " + address);
        } catch (ExecutionException e) {
            throw lost(address, e.getCause());
        }
    }

    /** Ends the exchange, also where its head comes in this very moment. */
    private static void abandon(CompletableFuture<HttpResponse<BodyStream>> sent) {
        sent.cancel(true);
        sent.whenComplete((response, fault) -> {
            if (response != null) {
                response.body().close();
            }
        });
    }

    private PeerException lost(URI address, Throwable cause) {
        return switch (cause) {
            case HttpConnectTimeoutException timeout -> new PeerException(address + " cannot be reached: no connection within "
                    + settings.connect().toMillis() + " ms", timeout);
            case ConnectException refused when refused.getCause() instanceof UnresolvedAddressException ->
                    new PeerException(address + " cannot be reached: its name is not known", refused);
            case SSLHandshakeException untrusted -> new PeerException("TLS with " + address + " fails: " + untrusted.getMessage(),
                    untrusted);
            case ConnectException refused -> new PeerException(address + " cannot be reached: connection refused", refused);
            default -> new PeerException(address + " broke the connection off: " + cause, cause);
        };
    }

    private Answer whole(Opened opened) throws IOException {
        try (BodyStream body = opened.body()) {
            return new Answer(opened.status(), body.all(settings.maxBodyBytes(), settings.answer(), opened.who()), opened.who(),
                    opened.tlsKey());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new InterruptedIOException("interrupted while reading from " + opened.who());
        } catch (PeerException e) {
            throw e;
        } catch (IOException e) {
            throw new PeerException(opened.who() + " broke its answer off", e);
        }
    }

    /** Asks nobody any more; answers that are coming go on. In place of {@link #close()}. */
    public void retire() {
        lines.retire();
    }

    /** Ends all connections, those in use as well. */
    @Override
    public void close() {
        lines.close();
    }
}
