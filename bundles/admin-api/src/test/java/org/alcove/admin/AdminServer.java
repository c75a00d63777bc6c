package org.alcove.admin;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.OutputStream;
import java.lang.reflect.Proxy;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.alcove.api.guard.Vigil;
import org.alcove.keys.ApiKeys;
import org.alcove.testkit.accounts.FakeKeys;
import org.eclipse.jetty.ee10.servlet.ServletContextHandler;
import org.eclipse.jetty.ee10.servlet.ServletHolder;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.osgi.framework.Bundle;
import org.osgi.framework.BundleContext;

/** The admin API on a port, with a controller and visitors that are made up. */
final class AdminServer implements AutoCloseable {

    static final Instant NOW = Instant.parse("2026-01-01T00:00:10Z");
    private static final int LONGEST_MILLIS = 60_000;

    private final FakeController controller = new FakeController();
    private final FakeAudit audit = new FakeAudit();
    private final List<Desk> desks = new ArrayList<>();
    final FakeModels models = new FakeModels();
    private final FakeKeys keys = new FakeKeys();
    private FakeVisitors visitors;
    private Server server;
    private int port;

    /** What a client got. */
    record Reply(int status, String head, JsonNode body) {

        String code() {
            return body.at("/error/code").textValue();
        }
    }

    AdminServer() {
        this(new ModelShelf(new FakeConfigurations().admin(), null, Path.of("target", "no-models"),
                Path.of("target", "no-list")));
    }

    AdminServer(ModelShelf shelf) {
        InstantSource clock = InstantSource.fixed(NOW);
        visitors = new FakeVisitors();
        desks.addAll(List.of(new WorkerDesk(controller, new KernelTable(), shelf, clock),
                new ModelDesk(controller, models, shelf),
                new AccountDesk(visitors, audit), new KeyDesk(keys, clock), new PolicyDesk(controller, null),
                new PluginDesk(emptyFramework(), controller, request -> Vigil.NONE, null, null)));
    }

    private static BundleContext emptyFramework() {
        return (BundleContext) Proxy.newProxyInstance(AdminServer.class.getClassLoader(), new Class<?>[] {BundleContext.class},
                (proxy, method, arguments) -> method.getName().equals("getBundles") ? new Bundle[0] : null);
    }

    static Gate gate(Optional<ApiKeys> keys, boolean reachable) {
        return new Gate(new FakeVisitors(), keys, authorization -> Optional.empty(), reachable);
    }

    FakeController controller() {
        return controller;
    }

    FakeAudit audit() {
        return audit;
    }

    FakeKeys keys() {
        return keys;
    }

    FakeVisitors visitors() {
        return visitors;
    }

    int port() {
        return port;
    }

    List<Route> routes() {
        return desks.stream().flatMap(desk -> desk.routes().stream()).toList();
    }

    List<Desk> desks() {
        return desks;
    }

    void add(Desk desk) {
        desks.add(desk);
    }

    void start(Gate gate) throws Exception {
        server = new Server();
        HttpConfiguration http = new HttpConfiguration();
        // As the distribution sets it: ids of workers hold slashes.
        http.setUriCompliance(UriCompliance.LEGACY);
        ServerConnector connector = new ServerConnector(server, 1, 1, new HttpConnectionFactory(http));
        connector.setHost("127.0.0.1");
        server.addConnector(connector);
        ServletContextHandler context = new ServletContextHandler("/");
        context.addServlet(new ServletHolder(new AdminServlet(gate, audit, desks)), "/admin/api/*");
        context.getServletHandler().setDecodeAmbiguousURIs(true);
        server.setHandler(context);
        server.start();
        port = connector.getLocalPort();
    }

    @Override
    public void close() throws Exception {
        if (server != null) {
            server.stop();
        }
    }

    /** Asks with headers that no HTTP client would let a test set. */
    Reply ask(String method, String path, String host, String... headers) throws IOException {
        return exchange(method + " " + path, host, new byte[0], headers);
    }

    /** Asks with a body of JSON. */
    Reply send(String method, String path, String body, String... headers) throws IOException {
        List<String> all = new ArrayList<>(List.of(headers));
        all.add("Content-Type: application/json");
        return exchange(method + " " + path, "localhost", body.getBytes(StandardCharsets.UTF_8), all.toArray(String[]::new));
    }

    Reply exchange(String what, String host, byte[] body, String... headers) throws IOException {
        try (Socket socket = new Socket("127.0.0.1", port)) {
            socket.setSoTimeout(LONGEST_MILLIS);
            StringBuilder request = new StringBuilder(what + " HTTP/1.1\r\nHost: " + host + "\r\nConnection: close\r\n");
            if (body.length > 0) {
                request.append("Content-Length: ").append(body.length).append("\r\n");
            }
            for (String header : headers) {
                request.append(header).append("\r\n");
            }
            OutputStream out = socket.getOutputStream();
            out.write((request + "\r\n").getBytes(StandardCharsets.US_ASCII));
            out.write(body);
            out.flush();
            String answer = new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            int end = answer.indexOf("\r\n\r\n");
            return new Reply(Integer.parseInt(answer.substring(9, 12)), answer.substring(0, end),
                    new ObjectMapper().readTree(answer.substring(end + 4)));
        }
    }
}
