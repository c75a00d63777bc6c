package org.alcove.launcher;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import org.alcove.testkit.tls.TestAuthority;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What a server looks at in its certificates before it starts, and by which name it is asked and told of. */
class CertificatesTest {

    private static final Map<String, String> PASSWORDS = Map.of("ALCOVE_TLS_PASSWORD", TestAuthority.PASSWORD,
            "ALCOVE_CA_PASSWORD", TestAuthority.PASSWORD);

    @TempDir
    Path folder;

    private TestAuthority authority;

    @BeforeEach
    void authority() throws IOException {
        authority = new TestAuthority(folder);
    }

    private static Options controller(Path tls, Path ca) {
        return Options.parse(Role.CONTROLLER, List.of("--tls", tls.toString(), "--cluster-ca", ca.toString()), Optional.empty());
    }

    private static String refusal(Options options, Map<String, String> passwords) {
        return assertThrows(UsageException.class, () -> options.certificate(passwords)).getMessage();
    }

    @Test
    void aFileThatDoesNotOpenWithItsPasswordIsRefusedBeforeAnythingStarts() throws Exception {
        Path own = authority.issue("node", "dns:localhost");
        Path ca = authority.certificate();
        Options options = controller(own, ca);
        assertEquals(List.of("localhost"), options.certificate(PASSWORDS).orElseThrow().names().names());
        for (String wrong : List.of("", "wrong")) {
            String told = refusal(options, Map.of("ALCOVE_TLS_PASSWORD", wrong, "ALCOVE_CA_PASSWORD", TestAuthority.PASSWORD));
            assertTrue(told.startsWith("--tls " + own) && told.endsWith("is ALCOVE_TLS_PASSWORD its password?"), told);
        }
        String authorities = refusal(options, Map.of("ALCOVE_TLS_PASSWORD", TestAuthority.PASSWORD));
        assertTrue(authorities.startsWith("--cluster-ca " + ca) && authorities.endsWith("is ALCOVE_CA_PASSWORD its password?"),
                authorities);
        Path text = Files.writeString(folder.resolve("text.p12"), "no keystore");
        assertTrue(refusal(controller(text, ca), PASSWORDS).contains("is it a PKCS#12 file"));
    }

    @Test
    void aCertificateWhoseTimeIsOverOrNotYetThereIsTold() throws Exception {
        OwnCertificate own = OwnCertificate.read(authority.issue("node", "dns:localhost"), TestAuthority.PASSWORD);
        Instant now = Instant.now();
        // Those of the tests are valid for 30 days.
        assertEquals(Optional.empty(), own.concern(now));
        assertTrue(own.concern(now.minus(Duration.ofDays(1))).orElseThrow().contains("CN=node in --tls is valid from "));
        assertTrue(own.concern(now.plus(Duration.ofDays(20))).orElseThrow().contains(" only: clients refuse it from then on. "));
        assertTrue(own.concern(now.plus(Duration.ofDays(31))).orElseThrow().contains("was valid until "));
    }

    @Test
    void aCertificateWithoutItsKeyOrWithoutTheNameOfAHostIsRefused() throws Exception {
        Path ca = authority.certificate();
        assertTrue(refusal(controller(ca, ca), PASSWORDS).contains("holds no certificate with its key"));
        Path nameless = authority.issue("of nobody", "email:somebody@example.org");
        assertTrue(refusal(controller(nameless, ca), PASSWORDS).contains("for no host by name or address"));
    }

    @Test
    void peopleAreToldANameThatTheCertificateIsFor() throws Exception {
        assertEquals("https://127.0.0.1:8443", told("127.0.0.1", "dns:chat.example.org", "ip:127.0.0.1"));
        assertEquals("https://[::1]:8443", told("::1", "dns:chat.example.org", "ip:::1"));
        assertEquals("https://localhost:8443", told("0.0.0.0", "dns:chat.example.org", "dns:localhost"));
        assertEquals("https://chat.example.org:8443", told("127.0.0.1", "dns:chat.example.org", "dns:other.example.org"));
        assertEquals("https://HOST.example.org:8443", told("127.0.0.1", "dns:*.example.org"));
        assertEquals("https://node:8443", told("127.0.0.1", "email:somebody@example.org"));
    }

    private String told(String host, String... names) throws Exception {
        Path own = new TestAuthority(Files.createTempDirectory(folder, "authority")).issue("node", names);
        Binding binding = Options.parse(Role.CONTROLLER, List.of("--tls", own.toString(), "--host", host), Optional.empty())
                .binding();
        return binding.url(8443, OwnCertificate.read(own, TestAuthority.PASSWORD).names());
    }

    /** As Jetty does: who asks for another name than those of the certificate gets 400, which is no sign of being ready. */
    @Test
    @Timeout(60)
    void aServerIsReadyOnceItAnswersByANameOfItsCertificate() throws Exception {
        Path own = authority.issue("node", "dns:chat.example.org");
        HttpsServer server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
        server.setHttpsConfigurator(new HttpsConfigurator(authority.context(own)));
        List<Integer> answers = new CopyOnWriteArrayList<>();
        server.createContext("/readyz", exchange -> {
            boolean named = exchange.getRequestHeaders().getFirst("Host").equals("chat.example.org");
            int status = named && !answers.isEmpty() ? 200 : 400;
            answers.add(status);
            exchange.sendResponseHeaders(status, -1);
            exchange.close();
        });
        server.start();
        try {
            Binding binding = new Binding("127.0.0.1", server.getAddress().getPort(), Optional.of(own), false);
            new ReadyWatch(binding, binding.port(), "/readyz",
                    Optional.of(OwnCertificate.read(own, TestAuthority.PASSWORD))).await();
            assertEquals(List.of(400, 200), answers);
        } finally {
            server.stop(0);
        }
    }
}
