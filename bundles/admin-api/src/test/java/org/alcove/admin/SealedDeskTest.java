package org.alcove.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class SealedDeskTest {

    private static final Map<String, String> BUNDLE =
            Map.of("name", "some.plugin", "version", "1.0.0", "sha256", "ab", "signer", "release");
    private static final String HOST = "localhost";
    private static final String ADMIN = "Cookie: admin";
    private static final String TOKEN = "X-Alcove-Csrf: token";

    private final AdminServer server = new AdminServer();

    @BeforeEach
    void seal() throws Exception {
        server.add(new SealedDesk((jar, signature) -> {
            if (signature.length == 0) {
                throw new SecurityException("some.plugin 1.0.0 is not signed");
            }
            return BUNDLE;
        }, () -> List.of(BUNDLE)));
        server.add(new KernelDesk(server.controller(), new KernelTable(), null));
        server.start(AdminServer.gate(Optional.empty(), false));
    }

    @AfterEach
    void stop() throws Exception {
        server.close();
    }

    private AdminServer.Reply install(String... headers) throws Exception {
        String[] all = new String[headers.length + 2];
        System.arraycopy(headers, 0, all, 0, headers.length);
        all[headers.length] = ADMIN;
        all[headers.length + 1] = TOKEN;
        return server.exchange("POST /admin/api/sealed/plugins", HOST, "a jar".getBytes(StandardCharsets.UTF_8), all);
    }

    @Test
    void bundlesModelsAndConfigurationsAreNotChanged() throws Exception {
        for (String what : List.of("POST /admin/api/plugins", "DELETE /admin/api/plugins/x", "POST /admin/api/plugins/x/rollback",
                "PUT /admin/api/policy", "POST /admin/api/models/m/load", "POST /admin/api/models/m/unload",
                "POST /admin/api/kernels/trial")) {
            AdminServer.Reply reply = server.exchange(what, HOST, new byte[0], ADMIN, TOKEN);
            assertEquals(403, reply.status(), what);
            assertEquals("sealed", reply.code(), what);
        }
        assertTrue(server.audit().lines.stream().allMatch(line -> line.endsWith("refused")), server.audit().lines.toString());
    }

    @Test
    void workersAreStillDrainedAndPlatformIsStillSeen() throws Exception {
        assertEquals(200, server.exchange("POST /admin/api/workers/http%3A%2F%2F10.0.0.7%3A21002%23m/drain", HOST, new byte[0],
                ADMIN, TOKEN).status());
        assertEquals("release", server.ask("GET", "/admin/api/sealed", HOST).body().at("/bundles/0/signer").textValue());
    }

    @Test
    void anUnsignedPluginIsRefusedWithTheReasonAndASignedOneIsInstalled() throws Exception {
        AdminServer.Reply unsigned = install();
        assertEquals(403, unsigned.status());
        assertEquals("not_admitted", unsigned.code());
        assertTrue(unsigned.body().at("/error/message").textValue().contains("not signed"), unsigned.body().toString());
        AdminServer.Reply signed = install("Alcove-Signature: abc=");
        assertEquals(201, signed.status());
        assertEquals("ab", signed.body().get("sha256").textValue());
    }
}
