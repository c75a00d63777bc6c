package org.alcove.admin;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.nio.file.FileSystemException;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import org.alcove.accounts.Role;
import org.alcove.api.control.Models;
import org.alcove.api.control.Quantizer;
import org.alcove.api.worker.Failure;
import org.alcove.api.worker.RequestException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What the administration says of what it does not do, and what the audit says of that. */
class RefusalsTest {

    private static final String HOST = "localhost";
    private static final String[] ADMIN = {"Cookie: admin", "X-Alcove-Csrf: token"};
    private static final String DRAIN = "/admin/api/workers/http%3A%2F%2F10.0.0.7%3A21002%23m/drain";
    private static final String FULL = "/data/policy.json: cannot be written: No space left on device";

    private final AdminServer server = new AdminServer();

    @BeforeEach
    void start() throws Exception {
        server.add(() -> List.of(
                Route.change("PUT", "full", Role.OPERATOR, "full.write", call -> {
                    throw new FileSystemException("/data/policy.json", null, "cannot be written: No space left on device");
                }),
                Route.change("PATCH", "full", Role.OPERATOR, "full.keep", call -> {
                    throw new UncheckedIOException(FULL, new IOException("No space left on device"));
                })));
        server.add(new QuantizationDesk((order, progress) -> new Quantizer.Report(List.of(), 8, 4, 1),
                new ModelShelf(new FakeConfigurations().admin(), null, Path.of("target", "no-models"),
                        Path.of("target", "none"))));
        server.start(AdminServer.gate(Optional.empty(), true));
    }

    @AfterEach
    void stop() throws Exception {
        server.close();
    }

    private AdminServer.Reply ask(String method, String path) throws IOException {
        return server.ask(method, path, HOST, ADMIN);
    }

    private static String message(AdminServer.Reply reply) {
        return reply.body().at("/error/message").textValue();
    }

    @Test
    void whatFailsHalfWayIsWrittenDownAsFailedAndNotAsRefused() throws Exception {
        server.controller().refusal = new RequestException(new Failure.Internal("lost"));
        assertEquals(502, ask("POST", "/admin/api/workers/y/drain").status());
        assertEquals(404, ask("POST", "/admin/api/models/absent/load").status());
        assertEquals(List.of("ann session worker.drain y  failed", "ann session model.load absent  refused"),
                server.audit().lines);
    }

    @Test
    void whoChangedWhatCouldNotBeWrittenDownIsToldThatItIsDone() throws Exception {
        server.audit().full = "it is done, but could not be written down: the disk is full";
        AdminServer.Reply done = ask("POST", DRAIN);
        assertEquals("500 not_written_down", done.status() + " " + done.code());
        assertTrue(message(done).startsWith(server.audit().full), message(done));
        assertEquals("[drain http://10.0.0.7:21002#m]", server.controller().told.toString());
        assertEquals("404 unknown_worker", status(ask("POST", "/admin/api/workers/x/drain")), "that it is done would be a lie");
    }

    private static String status(AdminServer.Reply reply) {
        return reply.status() + " " + reply.code();
    }

    @ParameterizedTest
    @CsvSource({"PUT, full.write", "PATCH, full.keep"})
    void aFileThatCannotBeWrittenIsNamedWithTheReason(String method, String deed) throws Exception {
        AdminServer.Reply reply = server.send(method, "/admin/api/full", "{}", ADMIN);
        assertEquals("507 disk", status(reply));
        assertTrue(message(reply).startsWith(FULL) && message(reply).contains("free some"), message(reply));
        assertEquals(List.of("ann session " + deed + "   failed"), server.audit().lines);
    }

    @ParameterizedTest
    @CsvSource({"/admin/api/audit?zork=1, 'before, limit'", "/admin/api/audit?limit=1&zork, 'before, limit'",
        "/admin/api/workers?zork=1, none", "/admin/api/keys?zork=1, none"})
    void whatAQueryNamesThatIsNotKnownIsRefused(String path, String known) throws Exception {
        AdminServer.Reply reply = ask("GET", path);
        assertEquals("422 invalid_field", status(reply));
        assertEquals("the query has \"zork\", which is not known; known here: " + known, message(reply));
    }

    @ParameterizedTest
    @CsvSource({"POST, models/m/load", "POST, models/m/unload", "POST, workers/x/drain", "POST, workers/x/reopen",
        "DELETE, workers/x", "DELETE, keys/x", "DELETE, session", "DELETE, accounts/x", "GET, models"})
    void aBodyWhereNoneIsLookedAtIsRefused(String method, String path) throws Exception {
        AdminServer.Reply reply = server.send(method, "/admin/api/" + path, "{\"pinned\": true}", ADMIN);
        assertEquals("422 invalid_field", status(reply));
        assertTrue(message(reply).startsWith("this takes no body"), message(reply));
        assertTrue(server.controller().told.isEmpty());
    }

    @ParameterizedTest
    @CsvSource({"PUT, session, 'DELETE, GET, POST'", "GET, workers/x/drain, POST", "DELETE, models/m, PATCH"})
    void whatMethodsAPathTakesIsSaid(String method, String path, String allowed) throws Exception {
        AdminServer.Reply reply = ask(method, "/admin/api/" + path);
        assertEquals(405, reply.status());
        assertTrue(reply.head().lines().toList().contains("Allow: " + allowed), reply.head());
    }

    @ParameterizedTest
    @CsvSource({"requests_per_minute, 1000000000000, 1, 2147483647", "requests_per_minute, 0, 1, 2147483647",
        "tokens_per_minute, 2147483648, 1, 2147483647"})
    void numbersOutOfBoundsAreToldBothBounds(String field, String number, String least, String most) throws Exception {
        AdminServer.Reply reply = server.send("POST", "/admin/api/keys",
                "{\"label\": \"a\", \"" + field + "\": " + number + "}", ADMIN);
        assertEquals("\"" + field + "\" must be a whole number from " + least + " to " + most + ", not " + number,
                message(reply));
    }

    @Test
    void howLongAModelStaysHasBothBoundsToo() throws Exception {
        AdminException refused = assertThrows(AdminException.class,
                () -> ModelMemory.keeping(JsonNodeFactory.instance.objectNode()
                        .put("keep_alive_seconds", new BigInteger("9223372036854775808")),
                        new Models.Keeping(false, OptionalLong.empty())));
        assertTrue(refused.getMessage().contains("from -1 to 9223372036854775807"), refused.getMessage());
    }

    @ParameterizedTest
    @CsvSource({"33, gguf, 'one of 32, 64, 128, 256, 512, 1024 or \"channel\"'", "0, hf, 'one of 32'",
        "1000000000000, hf, 'one of 32'", "'\"64\"', hf, 'one of 32'", "64, gguf, '32 where \"container\" is gguf'",
        "'\"channel\"', gguf, '32 where \"container\" is gguf'"})
    void aGroupThatNoJobCouldHaveIsRefusedAtOnce(String group, String container, String reason) throws Exception {
        AdminServer.Reply reply = quantize("sym_int4", group, container);
        assertEquals("422 invalid_field", status(reply));
        assertTrue(message(reply).startsWith("\"group_size\" must be " + reason), message(reply));
    }

    @Test
    void aWholeRowIsAGroupAndEightBitsAreWrittenAsGgufAlone() throws Exception {
        assertEquals("404 unknown", status(quantize("sym_int4", "\"channel\"", "hf")));
        assertEquals("422 invalid_field", status(quantize("sym_int8", "\"channel\"", "hf")));
    }

    private AdminServer.Reply quantize(String scheme, String group, String container) throws IOException {
        return server.send("POST", "/admin/api/quantizations", "{\"source\": \"m\", \"target\": \"s\", \"scheme\": \"" + scheme
                + "\", \"group_size\": " + group + ", \"container\": \"" + container + "\"}", ADMIN);
    }
}
