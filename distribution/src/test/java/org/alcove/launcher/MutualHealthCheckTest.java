package org.alcove.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import org.alcove.testkit.tls.TestAuthority;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A server that answers nobody who shows no certificate of its authority, as processes with {@code --cluster-ca} alone do. */
class MutualHealthCheckTest {

    private static final Map<String, String> PASSWORD = Map.of("ALCOVE_TLS_PASSWORD", TestAuthority.PASSWORD);

    @TempDir
    Path folder;

    private final List<String> hosts = new CopyOnWriteArrayList<>();
    private HttpsServer server;
    private Path own;

    @BeforeEach
    void serve() throws Exception {
        TestAuthority authority = new TestAuthority(folder);
        own = authority.issue("node", "dns:*.worker.alcove.svc", "dns:other.alcove.svc");
        server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        SSLContext context = authority.context(own);
        server.setHttpsConfigurator(new HttpsConfigurator(context) {
            @Override
            public void configure(HttpsParameters parameters) {
                SSLParameters demanding = context.getDefaultSSLParameters();
                demanding.setNeedClientAuth(true);
                parameters.setSSLParameters(demanding);
            }
        });
        server.createContext("/healthz", exchange -> {
            hosts.add(exchange.getRequestHeaders().getFirst("Host"));
            exchange.sendResponseHeaders(200, -1);
            exchange.close();
        });
        server.start();
    }

    @AfterEach
    void stop() {
        server.stop(0);
    }

    private int ask(Map<String, String> environment, String... flags) {
        List<String> arguments = new ArrayList<>(List.of("https://127.0.0.1:" + server.getAddress().getPort() + "/healthz"));
        arguments.addAll(List.of(flags));
        return HealthCheck.of(arguments, environment).run();
    }

    @Test
    void itIsHealthyForWhoShowsItsCertificateAndAsksByANameOfIt() {
        assertEquals(0, ask(PASSWORD, "--tls", own.toString()));
        assertEquals(List.of("localhost.worker.alcove.svc"), hosts, "Jetty answers 400 where the certificate is for others");
    }

    @Test
    void itIsNotForWhoShowsNoneOrOneOfAnotherAuthority() throws Exception {
        assertEquals(1, ask(PASSWORD));
        Path elsewhere = new TestAuthority(Files.createDirectory(folder.resolve("elsewhere"))).issue("node", "dns:localhost");
        assertEquals(1, ask(PASSWORD, "--tls", elsewhere.toString()));
        assertEquals(List.of(), hosts);
    }

    @Test
    void aFileThatCannotBeOpenedIsSaidToBe() {
        String message = assertThrows(UsageException.class, () -> ask(Map.of("ALCOVE_TLS_PASSWORD", "wrong"), "--tls",
                own.toString())).getMessage();
        assertTrue(message.startsWith("--tls " + own + ": ") && message.endsWith("is ALCOVE_TLS_PASSWORD its password?"),
                message);
        assertTrue(assertThrows(UsageException.class, () -> ask(PASSWORD, "--tls", "absent.p12")).getMessage()
                .contains("there is no such file"));
        assertTrue(assertThrows(UsageException.class, () -> ask(PASSWORD, "--cluster-ca", "ca.p12")).getMessage()
                .startsWith("health does not know '--cluster-ca'"));
    }
}
