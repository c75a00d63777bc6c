package org.alcove.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WorkerRemovalTest {

    private static final String[] OPERATOR = {"Cookie: operator", "X-Alcove-Csrf: token"};

    @TempDir
    Path folder;

    @Test
    void aWorkerOfThisProcessGoesWithItsModelUnlessTheConfigurationNamesThat() throws Exception {
        Files.writeString(folder.resolve("m.gguf"), "1");
        FakeConfigurations configurations = new FakeConfigurations();
        ModelShelf shelf = new ModelShelf(configurations.admin(), null, folder, folder.resolve("models.json"));
        try (AdminServer server = new AdminServer(shelf)) {
            server.controller().id = "local-m";
            server.start(AdminServer.gate(Optional.empty(), true));
            shelf.load("m");
            AdminServer.Reply gone = server.ask("DELETE", "/admin/api/workers/local-m", "localhost", OPERATOR);
            assertEquals("unloaded", gone.body().get("removed").textValue());
            assertTrue(configurations.isEmpty());
            assertEquals("ann session worker.remove local-m  done", server.audit().lines.getLast());
            assertEquals("unknown_worker", server.ask("DELETE", "/admin/api/workers/local-x", "localhost", OPERATOR).code());
            configurations.add("path", folder.resolve("m.gguf").toString(), "name", "m");
            assertEquals("not_ours", server.ask("DELETE", "/admin/api/workers/local-m", "localhost", OPERATOR).code());
            assertTrue(!configurations.isEmpty());
        }
    }
}
