package org.alcove.openai;

import jakarta.servlet.DispatcherType;
import jakarta.servlet.FilterChain;
import jakarta.servlet.ServletException;
import jakarta.servlet.ServletRequest;
import jakarta.servlet.ServletResponse;
import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.EnumSet;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.alcove.api.worker.RequestContext;
import org.alcove.testkit.accounts.FakeKeys;
import org.eclipse.jetty.ee10.servlet.FilterHolder;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/** The servlet on a Jetty of its own, on a free port, with a fixed clock and counted request ids. */
final class TestServer implements AutoCloseable {

    static final InstantSource NOW = InstantSource.fixed(Instant.ofEpochSecond(1_750_000_000));
    static final Settings PLAIN = new Settings(Optional.empty(), false, new Cors(List.of()), 64 * 1024,
            Duration.ofSeconds(10), Duration.ofSeconds(60));

    final FakeController controller = new FakeController();
    final OpenAiServlet servlet;
    final FakeKeys keys = new FakeKeys();
    final AtomicLong nanos = new AtomicLong();
    private final Server server;
    private final HttpClient client = HttpClient.newHttpClient();

    TestServer(Settings settings) {
        this(settings, new LoadableModels());
    }

    TestServer(Settings settings, LoadableModels loadable) {
        AtomicInteger ids = new AtomicInteger();
        servlet = new OpenAiServlet(controller, loadable, new Doorkeeper(keys, NOW, nanos::get), settings, NOW,
                () -> RequestContext.named("req-" + ids.incrementAndGet()));
        QueuedThreadPool threads = new QueuedThreadPool(16);
        threads.setVirtualThreadsExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server = new Server(threads);
        HttpConfiguration http = new HttpConfiguration();
        // As the distribution sets it: clients send slashes of model names as %2F.
        http.setUriCompliance(UriCompliance.LEGACY);
        ServerConnector connector = new ServerConnector(server, 1, 1, new HttpConnectionFactory(http));
        connector.setHost("127.0.0.1");
        server.addConnector(connector);
        ServletContextHandler context = new ServletContextHandler("/");
        context.addServlet(new ServletHolder(servlet), "/v1/*");
        context.addFilter(new FilterHolder(TestServer::swallow), "/*", EnumSet.of(DispatcherType.REQUEST));
        context.getServletHandler().setDecodeAmbiguousURIs(true);
        server.setHandler(context);
        try {
            server.start();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }

    /** As the distribution's HTTP service does: what is thrown is logged, and the response ends like any other. */
    private static void swallow(ServletRequest request, ServletResponse response, FilterChain chain) {
        try {
            chain.doFilter(request, response);
        } catch (IOException | ServletException thrown) {
            System.err.println("swallowed " + thrown);
        }
    }

    static Settings pinging(Duration ping) {
        return new Settings(PLAIN.keys(), false, PLAIN.cors(), PLAIN.maxBodyBytes(), ping, PLAIN.drain());
    }

    int port() {
        return ((ServerConnector) server.getConnectors()[0]).getLocalPort();
    }

    HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port() + path)).timeout(Duration.ofSeconds(60));
    }

    HttpResponse<String> send(HttpRequest request) {
        try {
            return client.send(request, HttpResponse.BodyHandlers.ofString());
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    HttpResponse<String> get(String path) {
        return send(request(path).build());
    }

    HttpResponse<String> post(String path, String json) {
        return send(request(path).header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofString(json)).build());
    }

    /** Sends a POST over a socket of its own; whoever has it may read slowly or hang up. */
    Socket open(String path, String json) throws IOException {
        return open(path, json, "HTTP/1.1");
    }

    /** The same in another version of HTTP; 1.0 has no chunks. */
    Socket open(String path, String json, String version) throws IOException {
        Socket socket = new Socket("127.0.0.1", port());
        socket.setSoTimeout(60_000);
        byte[] body = json.getBytes(StandardCharsets.UTF_8);
        socket.getOutputStream().write(("POST " + path + " " + version + "\r\nHost: localhost\r\n"
                + "Content-Type: application/json\r\n"
                + "Content-Length: " + body.length + "\r\n\r\n").getBytes(StandardCharsets.US_ASCII));
        socket.getOutputStream().write(body);
        socket.getOutputStream().flush();
        return socket;
    }

    @Override
    public void close() {
        try {
            client.close();
            server.stop();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
