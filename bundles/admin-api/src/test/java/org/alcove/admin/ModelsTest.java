package org.alcove.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.function.Consumer;
import org.alcove.api.control.Models;
import org.alcove.api.control.Quantizer;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ModelsTest {

    private static final String QUANTIZATIONS = "/admin/api/quantizations";
    private static final String ORDER = "{\"source\": \"tiny\", \"target\": \"small\", \"scheme\": \"sym_int4\"}";
    private static final String[] OPERATOR = {"Cookie: operator", "X-Alcove-Csrf: token"};

    @TempDir
    Path folder;

    private final FakeConfigurations configurations = new FakeConfigurations();
    private final CountDownLatch begun = new CountDownLatch(1);
    private final CountDownLatch goOn = new CountDownLatch(1);
    private AdminServer server;

    @BeforeEach
    void start() throws Exception {
        Files.createDirectories(folder.resolve("models"));
        Files.writeString(folder.resolve("models/tiny.gguf"), "12345");
        Files.writeString(folder.resolve("models/readme.txt"), "no model");
        configurations.add("path", "/elsewhere/demo.gguf", "name", "demo");
        server = new AdminServer(shelf());
        server.add(new QuantizationDesk(this::quantize, shelf()));
        server.start(AdminServer.gate(Optional.empty(), true));
    }

    private ModelShelf shelf() {
        return new ModelShelf(configurations.admin(), null, folder.resolve("models"), folder.resolve("models.json"));
    }

    private Quantizer.Report quantize(Quantizer.Order order, Consumer<Quantizer.Progress> progress)
            throws IOException {
        begun.countDown();
        try {
            goOn.await();
        } catch (InterruptedException e) {
            throw new IOException(e);
        }
        progress.accept(new Quantizer.Progress("a.weight", 1, 1, 4, 4));
        Files.writeString(order.target(), "x");
        return new Quantizer.Report(List.of(new Quantizer.Tensor("a.weight", "sym_int4", 8, 4, 0.5, 1, "")), 8, 4, 1);
    }

    @AfterEach
    void stop() throws Exception {
        goOn.countDown();
        server.close();
    }

    private AdminServer.Reply tell(String method, String path) throws IOException {
        return server.ask(method, path, "localhost", OPERATOR);
    }

    private JsonNode model(String name) throws IOException {
        for (JsonNode model : tell("GET", "/admin/api/models").body().get("models")) {
            if (model.get("name").textValue().equals(name)) {
                return model;
            }
        }
        throw new AssertionError("no model " + name);
    }

    @Test
    void modelsOfTheFolderStandBesideThoseThatAreServedAndConfigured() throws IOException {
        assertEquals("ready", model("m").get("state").textValue());
        assertEquals("starting", model("demo").get("state").textValue());
        assertEquals(false, model("demo").get("ours").booleanValue());
        JsonNode tiny = model("tiny");
        assertEquals("unloaded", tiny.get("state").textValue());
        assertEquals(5, tiny.get("file_bytes").intValue());
        assertEquals(3, tell("GET", "/admin/api/models").body().get("models").size());
    }

    @Test
    void aModelWithoutAGivenNameHasTheOneThatItsWorkerHas() throws IOException {
        configurations.add("path", "/elsewhere/closed.gguf.sealed");
        configurations.add("path", "/elsewhere/shut-00001-of-00002.sealed");
        configurations.add("path", "/elsewhere/folder/.");
        configurations.add("path", "/");
        assertEquals(Set.of("closed", "demo", "folder", "model", "shut", "tiny"), shelf().books().keySet());
    }

    @Test
    void aModelInPartsIsItsFirstPart() throws IOException {
        for (int part = 5; part >= 1; part--) {
            Files.writeString(folder.resolve("models/big-0000" + part + "-of-00005.gguf"), "x");
        }
        assertEquals("big-00001-of-00005.gguf", shelf().named("big").path().getFileName().toString());
    }

    @Test
    void loadingMakesAConfigurationUnloadingDeletesItAndARestartRemembers() throws IOException {
        assertEquals("starting", tell("POST", "/admin/api/models/tiny/load").body().get("state").textValue());
        assertEquals(folder.resolve("models/tiny.gguf").toString(), configurations.last().get("path"));
        assertEquals("already_loaded", tell("POST", "/admin/api/models/tiny/load").code());
        configurations.clear();
        shelf().restore();
        assertEquals("tiny", configurations.last().get("name"));
        assertEquals("unloaded", tell("POST", "/admin/api/models/tiny/unload").body().get("state").textValue());
        assertEquals("not_loaded", tell("POST", "/admin/api/models/tiny/unload").code());
        shelf().restore();
        assertTrue(configurations.isEmpty());
    }

    @Test
    void whatAFileConfiguresOrNobodyKnowsIsNotUnloadedHere() throws IOException {
        assertEquals("not_ours", tell("POST", "/admin/api/models/demo/unload").code());
        assertEquals("unknown", tell("POST", "/admin/api/models/..%2Ftiny/load").code());
        assertTrue(server.audit().lines.contains("ann session model.unload demo  refused"));
    }

    @Test
    void aModelIsPinnedAndKeptAndWhatItTakesStandsBesideTheBudget() throws IOException {
        server.models.with("demo", Models.State.READY);
        JsonNode kept = server.send("PATCH", "/admin/api/models/demo", "{\"pinned\": true, \"keep_alive_seconds\": -1}",
                OPERATOR).body();
        assertEquals(true, kept.get("pinned").booleanValue());
        assertEquals(-1, kept.get("keep_alive_seconds").longValue());
        kept = server.send("PATCH", "/admin/api/models/demo", "{\"keep_alive_seconds\": null}", OPERATOR).body();
        assertEquals(true, kept.get("pinned").booleanValue());
        assertTrue(kept.get("keep_alive_seconds").isNull());
        assertEquals(123, model("demo").at("/predicted_bytes/total").longValue());
        assertEquals(123, tell("GET", "/admin/api/models").body().at("/budget/held").longValue());
        assertEquals("invalid_field", server.send("PATCH", "/admin/api/models/demo", "{\"keep_alive_seconds\": -2}",
                OPERATOR).code());
        assertEquals("unknown", server.send("PATCH", "/admin/api/models/m", "{\"pinned\": true}", OPERATOR).code());
        assertTrue(server.audit().lines.contains("ann session model.keep demo pinned, -1 s done"),
                server.audit().lines.toString());
    }

    @Test
    void aConfiguredModelIsTakenFromMemoryAndBroughtBackAndARefusalTellsWhy() throws IOException {
        server.models.with("demo", Models.State.READY);
        assertEquals(200, tell("POST", "/admin/api/models/demo/unload").status());
        server.models.with("demo", Models.State.UNLOADED);
        assertEquals("unloaded", model("demo").get("state").textValue());
        assertEquals(200, tell("POST", "/admin/api/models/demo/load").status());
        assertEquals(List.of("unload demo", "load demo"), server.models.orders);
        server.models.fill();
        assertEquals("no_room", tell("POST", "/admin/api/models/demo/load").code());
    }

    @Test
    void aModelThatHasNoPlaceAMomentAfterItsOrderIsRefusedWithTheReason() throws IOException {
        server.models.with("demo", Models.State.UNLOADED);
        server.models.later = "needs 2 MB, and 1 MB can be had";
        AdminServer.Reply refused = tell("POST", "/admin/api/models/demo/load");
        assertEquals("no_room", refused.code());
        assertEquals("needs 2 MB, and 1 MB can be had", refused.body().at("/error/message").textValue());
    }

    @Test
    void aQuantizationTellsItsProgressAndItsReport() throws Exception {
        AdminServer.Reply first = server.send("POST", QUANTIZATIONS, ORDER, OPERATOR);
        assertEquals(202, first.status());
        begun.await();
        assertEquals("running", tell("GET", QUANTIZATIONS + "/q1").body().get("state").textValue());
        assertEquals("busy", server.send("POST", QUANTIZATIONS, ORDER, OPERATOR).code());
        goOn.countDown();
        JsonNode job = ended();
        assertEquals("done", job.get("state").textValue());
        assertEquals(0.5, job.at("/report/tensors/0/rmse").doubleValue());
        assertEquals("unloaded", model("small").get("state").textValue());
        assertEquals("name_taken", server.send("POST", QUANTIZATIONS, ORDER, OPERATOR).code());
    }

    @Test
    void aQuantizationThatIsStoppedLeavesNoTarget() throws Exception {
        server.send("POST", QUANTIZATIONS, ORDER, OPERATOR);
        begun.await();
        assertEquals(200, tell("DELETE", QUANTIZATIONS + "/q1").status());
        goOn.countDown();
        assertEquals("cancelled", ended().get("state").textValue());
        assertEquals("not_running", tell("DELETE", QUANTIZATIONS + "/q1").code());
        assertEquals("unknown", tell("GET", QUANTIZATIONS + "/q2").code());
    }

    private JsonNode ended() throws IOException {
        JsonNode job = tell("GET", QUANTIZATIONS + "/q1").body();
        while (job.get("state").textValue().equals("running")) {
            Thread.onSpinWait();
            job = tell("GET", QUANTIZATIONS + "/q1").body();
        }
        return job;
    }

    @Test
    void ordersThatMakeNoSenseAreRefused() throws IOException {
        String[][] table = {{"unknown", ORDER.replace("tiny", "none")}, {"invalid_field", ORDER.replace("small", "../small")},
            {"invalid_field", ORDER.replace("small", "small.gguf")}, {"invalid_field", ORDER.replace("sym_int4", "int3")},
            {"invalid_field", ORDER.replace("}", ", \"group_size\": 0}")}, {"name_taken", ORDER.replace("small", "tiny")},
            {"invalid_field", ORDER.replace("}", ", \"container\": \"zip\"}")}};
        for (String[] row : table) {
            assertEquals(row[0], server.send("POST", QUANTIZATIONS, row[1], OPERATOR).code(), row[1]);
        }
    }
}
