package org.alcove.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.alcove.api.worker.Failure;
import org.alcove.api.worker.RequestException;
import org.alcove.keys.ApiKeys;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AdminTest {

    private static final Gate LOCAL = AdminServer.gate(Optional.empty(), false);

    @TempDir
    Path folder;

    private final AdminServer server = new AdminServer();
    private final FakeController controller = server.controller();

    private void start(Gate gate) throws Exception {
        server.start(gate);
    }

    @AfterEach
    void stop() throws Exception {
        server.close();
    }

    private AdminServer.Reply ask(String method, String path) throws IOException {
        return server.ask(method, path, "127.0.0.1:" + server.port());
    }

    private AdminServer.Reply ask(String method, String path, String host, String... headers) throws IOException {
        return server.ask(method, path, host, headers);
    }

    @Test
    void theLastChoicesComeWithTheirCandidatesAndReasons() throws Exception {
        start(LOCAL);
        AdminServer.Reply reply = ask("GET", "/admin/api/dispatch");
        assertEquals(200, reply.status());
        assertTrue(reply.head().contains("Cache-Control: no-store") && reply.head().contains("nosniff"), reply.head());
        assertEquals(new ObjectMapper().readTree("""
                {"policy": "shortest_queue", "dispatches": [{"request": "req-1", "model": "m", "when": "2026-01-01T00:00:08Z",
                 "policy": "shortest_queue", "chosen": "http://10.0.0.7:21002#m", "reason": "the shortest queue of 1",
                 "candidates": [{"id": "http://10.0.0.7:21002#m", "models": ["m"], "state": "ready", "reason": "all well",
                 "tokens_per_second": 12.5, "queue_length": 3, "heartbeat": true, "last_beat": "2026-01-01T00:00:09Z",
                 "beat_age_ms": 1000, "load": {"running": 1, "waiting": 2, "kv_blocks": 8, "kv_blocks_used": 5,
                 "prompt_tokens": 100, "answer_tokens": 200, "preemptions": 4}}]}]}
                """), reply.body());
    }

    @Test
    void workersAndModelsNameTheTemplateInUseAndWhy() throws Exception {
        start(LOCAL);
        JsonNode worker = ask("GET", "/admin/api/workers").body().at("/workers/0");
        assertEquals("http://10.0.0.7:21002#m", worker.get("id").textValue());
        assertEquals("chatml (the model's own)", worker.at("/model/template").textValue());
        JsonNode model = ask("GET", "/admin/api/models").body().at("/models/0");
        assertEquals("chatml (the model's own)", model.get("template").textValue());
        assertEquals("http://10.0.0.7:21002#m", model.at("/workers/0").textValue());
        assertEquals("fp", model.get("fingerprint").textValue());
    }

    @Test
    void aWorkerIsDrainedAndReopenedByItsId() throws Exception {
        start(LOCAL);
        String worker = "/admin/api/workers/http%3A%2F%2F10.0.0.7%3A21002%23m/";
        assertEquals("http://10.0.0.7:21002#m", ask("POST", worker + "drain").body().get("id").textValue());
        assertEquals(200, ask("POST", worker + "reopen").status());
        assertEquals("[drain http://10.0.0.7:21002#m, reopen http://10.0.0.7:21002#m]", controller.told.toString());
    }

    @Test
    void aWorkerElsewhereIsForgottenAndSaidToComeBackWhenItRegisters() throws Exception {
        start(LOCAL);
        AdminServer.Reply gone = ask("DELETE", "/admin/api/workers/http%3A%2F%2F10.0.0.7%3A21002%23m");
        assertEquals("forgotten", gone.body().get("removed").textValue());
        assertTrue(gone.body().get("text").textValue().contains("registers anew"), gone.body().toString());
        assertEquals("[dismiss http://10.0.0.7:21002#m]", controller.told.toString());
        assertEquals("unknown_worker", ask("DELETE", "/admin/api/workers/http%3A%2F%2F10.0.0.8%3A21002%23m").code());
        controller.refusal = new RequestException(new Failure.Unsupported("", "not here"));
        assertEquals("unsupported", ask("DELETE", "/admin/api/workers/y").code());
    }

    @Test
    void whereAWorkerComputesIsTold() throws Exception {
        start(LOCAL);
        JsonNode worker = ask("GET", "/admin/api/workers").body().at("/workers/0/computing");
        assertEquals("2 threads, not bound: one memory node", worker.get("placement").textValue());
        assertEquals("f32 (vector)", worker.get("kernels").textValue());
        assertEquals(1000, worker.get("weight_bytes").intValue());
        assertEquals(64, worker.get("kv_bytes").intValue());
    }

    @Test
    void whatCannotBeDoneSaysWhy() throws Exception {
        start(LOCAL);
        AdminServer.Reply unknown = ask("POST", "/admin/api/workers/x/drain");
        assertEquals(404, unknown.status());
        assertEquals("there is no worker x here", unknown.body().at("/error/message").textValue());
        controller.refusal = new RequestException(new Failure.Unsupported("", "a foreign worker"));
        assertEquals(409, ask("POST", "/admin/api/workers/y/drain").status());
        controller.refusal = new RequestException(new Failure.Internal("lost"));
        assertEquals(502, ask("POST", "/admin/api/workers/y/drain").status());
        controller.refusal = new IllegalStateException("secret");
        AdminServer.Reply fault = ask("POST", "/admin/api/workers/y/drain");
        assertEquals(500, fault.status());
        assertTrue(!fault.body().toString().contains("secret"), fault.body().toString());
    }

    @Test
    void pathsAndMethodsThatAreNotThereAreRefused() throws Exception {
        start(LOCAL);
        assertEquals(404, ask("GET", "/admin/api/").status());
        assertEquals(404, ask("GET", "/admin/api/workers/x/y").status());
        assertEquals(405, ask("POST", "/admin/api/dispatch").status());
        assertEquals(405, ask("GET", "/admin/api/workers/x/drain").status());
        assertTrue(controller.told.isEmpty());
    }

    @Test
    void withoutKeysOnlyThisMachineIsLetIn() throws Exception {
        start(LOCAL);
        for (String host : new String[] {"localhost:" + server.port(), "127.0.0.1", "[::1]:" + server.port()}) {
            assertEquals(200, ask("GET", "/admin/api/workers", host).status(), host);
        }
        for (String host : new String[] {"evil.example", "127.0.0.1.evil.example", "localhost.evil.example:" + server.port(),
            "10.0.0.1"}) {
            assertEquals("wrong_host", ask("GET", "/admin/api/workers", host).code(), host);
        }
        for (String header : new String[] {"X-Forwarded-For: 10.0.0.1", "Forwarded: for=10.0.0.1", "Via: 1.1 proxy"}) {
            assertEquals("not_local", ask("GET", "/admin/api/workers", "localhost", header).code(), header);
        }
    }

    @Test
    void pagesOfOtherOriginsAreRefusedWhateverTheyBring() throws Exception {
        Path file = Files.writeString(folder.resolve("keys"), "ann:secret\n");
        for (Gate gate : new Gate[] {LOCAL, AdminServer.gate(Optional.of(new ApiKeys(file)), true)}) {
            start(gate);
            String key = "Authorization: Bearer secret";
            String host = "localhost:" + server.port();
            for (String header : new String[] {"Origin: http://evil.example", "Origin: null", "Sec-Fetch-Site: cross-site",
                "Sec-Fetch-Site: same-site", "Origin: http://localhost:1"}) {
                assertEquals("foreign_page", ask("POST", "/admin/api/workers/a/drain", host, key, header).code(), header);
            }
            assertTrue(controller.told.isEmpty());
            assertEquals(gate == LOCAL ? 401 : 200, ask("GET", "/admin/api/workers", host, key, "Origin: http://" + host,
                    "Sec-Fetch-Site: same-origin").status());
            server.close();
        }
    }

    @Test
    void aServerThatOthersCanReachLetsNobodyInWithoutAKeyOrASession() throws Exception {
        start(AdminServer.gate(Optional.empty(), true));
        assertEquals("login_required", ask("GET", "/admin/api/workers").code());
    }

    @Test
    void withKeysTheKeyCountsAndNotTheMachine() throws Exception {
        Path file = folder.resolve("keys");
        start(AdminServer.gate(Optional.of(new ApiKeys(file)), true));
        assertEquals(503, ask("GET", "/admin/api/workers", "alcove.example", "Authorization: Bearer secret").status());
        Files.writeString(file, "ann:secret\n");
        assertEquals(200, ask("GET", "/admin/api/workers", "alcove.example", "Authorization: Bearer secret").status());
        AdminServer.Reply wrong = ask("GET", "/admin/api/workers", "alcove.example", "Authorization: Bearer wrong");
        assertEquals(401, wrong.status());
        assertTrue(wrong.head().contains("WWW-Authenticate: Bearer"), wrong.head());
        assertEquals(401, ask("GET", "/admin/api/workers", "localhost").status());
    }
}
