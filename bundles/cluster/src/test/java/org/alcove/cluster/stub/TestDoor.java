package org.alcove.cluster.stub;

import java.io.IOException;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.Executors;
import org.alcove.cluster.door.AddressRanges;
import org.alcove.cluster.door.Credentials;
import org.alcove.cluster.door.Guard;
import org.alcove.cluster.door.Limits;
import org.alcove.cluster.door.PeerServlet;
import org.alcove.cluster.door.Route;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/** Routes on a server of their own, on a free port, as the distribution runs them. */
public final class TestDoor implements AutoCloseable {

    /** On loopback, without anything to show. */
    public static final Guard OPEN = new Guard(false, Credentials.NONE, AddressRanges.NONE);
    public static final Limits LIMITS = new Limits(4096, 16_384, Duration.ofSeconds(60));

    private final Server server;
    private final HttpClient client = HttpClient.newHttpClient();
    private volatile PeerServlet servlet;

    public TestDoor() {
        QueuedThreadPool threads = new QueuedThreadPool(16);
        threads.setVirtualThreadsExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server = new Server(threads);
        ServerConnector connector = new ServerConnector(server, 1, 1);
        connector.setHost("127.0.0.1");
        server.addConnector(connector);
        try {
            connector.open();
        } catch (IOException e) {
            throw new IllegalStateException(e);
        }
    }

    public TestDoor(Guard guard, Limits limits, Map<String, Route> routes) {
        this();
        open(guard, limits, routes);
    }

    /** Begins to serve; before, nobody is listened to. */
    public TestDoor open(Guard guard, Limits limits, Map<String, Route> routes) {
        servlet = new PeerServlet(guard, limits, routes);
        ServletContextHandler context = new ServletContextHandler("/");
        routes.keySet().forEach(path -> context.addServlet(new ServletHolder(servlet), path));
        server.setHandler(context);
        try {
            server.start();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
        return this;
    }

    public int port() {
        return ((ServerConnector) server.getConnectors()[0]).getLocalPort();
    }

    public URI address() {
        return URI.create("http://127.0.0.1:" + port());
    }

    public HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create(address() + path)).timeout(Duration.ofSeconds(60));
    }

    public HttpResponse<String> send(HttpRequest request) {
        try {
            return client.send(request, HttpResponse.BodyHandlers.ofString());
        } catch (IOException | InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    public HttpResponse<String> get(String path) {
        return send(request(path).build());
    }

    public HttpResponse<String> post(String path, String body) {
        return send(request(path).POST(HttpRequest.BodyPublishers.ofString(body)).build());
    }

    /** Sends the head of a POST and some of its body, over a socket of its own. */
    public Socket begin(String path, int length, String some) throws IOException {
        Socket socket = new Socket("127.0.0.1", port());
        socket.setSoTimeout(60_000);
        socket.getOutputStream().write(("POST " + path + " HTTP/1.1\r\nHost: localhost\r\nContent-Length: " + length + "\r\n\r\n"
                + some).getBytes(StandardCharsets.US_ASCII));
        socket.getOutputStream().flush();
        return socket;
    }

    @Override
    public void close() {
        try {
            client.shutdownNow();
            server.stop();
        } catch (Exception e) {
            throw new IllegalStateException(e);
        }
    }
}
