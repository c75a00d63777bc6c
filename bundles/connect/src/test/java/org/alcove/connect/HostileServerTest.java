package org.alcove.connect;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.zip.GZIPOutputStream;
import org.alcove.api.conversation.Message;
import org.alcove.api.worker.Failure;
import org.alcove.api.worker.GenerateRequest;
import org.alcove.api.worker.Generation;
import org.alcove.api.worker.GenerationEvent;
import org.alcove.api.worker.RequestContext;
import org.alcove.api.worker.RequestException;
import org.alcove.api.worker.SamplingParameters;
import org.alcove.attestation.Collateral;
import org.alcove.attestation.Policy;
import org.alcove.attestation.Verifier;
import org.alcove.attestation.tdx.TestPlatform;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Servers that mean ill, before and after they were found good: all is bounded, said clearly, and no byte of a prompt leaves. */
@Timeout(300)
class HostileServerTest {

    private static final String OK = "HTTP/1.1 200 OK\r\nContent-Type: application/json";
    private static final String POLICY = "{\"version\":1,\"allow_mock\":true,\"measurements\":{\"mr_td\":\"any\","
            + "\"rtmr_0\":\"any\",\"rtmr_1\":\"any\",\"rtmr_2\":\"any\",\"rtmr_3\":\"any\",\"mr_config_id\":\"any\"}}";
    private static final int MOST_BYTES = 1 << 20;
    /** Long enough for a busy machine to get where the other side stops. */
    private static final Duration IMPATIENT = Duration.ofSeconds(3);

    private static VerifiedServer client(URI server, Verifier verifier, Duration patience) {
        return new VerifiedServer(new VerifiedServer.Settings(server, Optional.empty(), false, Duration.ofMinutes(3), patience),
                verifier, () -> TestPlatform.NOW, new VerifiedServer.Limits(patience, patience, MOST_BYTES));
    }

    private static GenerateRequest chat() {
        return new GenerateRequest("m", RequestContext.named("r"),
                new GenerateRequest.Chat(List.of(new Message(Message.Role.USER, "CANARY-PROMPT")), Map.of()),
                SamplingParameters.GREEDY, GenerateRequest.Limits.tokens(9), GenerateRequest.Logprobs.NONE);
    }

    private static Policy policy() throws Exception {
        return Policy.read(POLICY.getBytes(StandardCharsets.UTF_8));
    }

    /** Verifying fails with these words, and the server has heard questions for evidence and nothing else. */
    private static void assertRefused(RawServer server, Duration patience, String why) throws Exception {
        try (server; VerifiedServer client = client(server.address(), new TestPlatform().verifier(), patience)) {
            String message = assertThrows(IOException.class, () -> client.verify(policy(), Collateral.NONE)).getMessage();
            assertTrue(message.contains(why) && message.contains(server.address().toString()), message);
            Failure failure = assertThrows(RequestException.class, () -> client.generate(chat())).failure();
            assertTrue(failure.message().contains("nothing was sent"), failure.message());
            assertTrue(server.heard().startsWith("GET /attestation?nonce=") && server.heard().indexOf("\r\n\r\n")
                    == server.heard().length() - 4, server.heard());
        }
    }

    private static Duration patient() {
        return Duration.ofSeconds(30);
    }

    @Test
    void evidenceThatNeverEndsIsReadToALimit() throws Exception {
        assertRefused(new RawServer((out, over) -> {
            out.write((OK + "\r\n\r\n{\"workers\":[").getBytes(StandardCharsets.US_ASCII));
            while (true) {
                out.write(new byte[1 << 16]);
            }
        }), patient(), "more than " + MOST_BYTES + " bytes");
    }

    @Test
    void evidenceThatDripsOrHangsIsWaitedForToALimit() throws Exception {
        assertRefused(new RawServer((out, over) -> {
            out.write((OK + "\r\n\r\n{").getBytes(StandardCharsets.US_ASCII));
            out.flush();
            over.await();
        }), IMPATIENT, "did not end its answer within 3000 ms");
        assertRefused(new RawServer((out, over) -> over.await()), IMPATIENT, "did not answer within 3000 ms");
    }

    @Test
    void aHeadThatNeverEndsIsReadToALimit() throws Exception {
        assertRefused(new RawServer((out, over) -> {
            out.write("HTTP/1.1 200 OK\r\n".getBytes(StandardCharsets.US_ASCII));
            while (true) {
                out.write("X-More: more\r\n".getBytes(StandardCharsets.US_ASCII));
            }
        }), patient(), "broke the connection off");
    }

    @Test
    void nobodyFollowsARedirect() throws Exception {
        try (RawServer other = RawServer.of(OK, new byte[0])) {
            for (int status : new int[] {301, 302, 303, 307, 308}) {
                assertRefused(RawServer.of("HTTP/1.1 " + status + " There\r\nLocation: " + other.address() + "/attestation",
                        new byte[0]), patient(), "HTTP status " + status);
            }
            assertEquals(0, other.connections.get());
        }
    }

    @Test
    void whatIsCompressedIsNotBlownUp() throws Exception {
        ByteArrayOutputStream bomb = new ByteArrayOutputStream();
        try (GZIPOutputStream zipped = new GZIPOutputStream(bomb)) {
            for (int i = 0; i < 64; i++) {
                zipped.write(new byte[1 << 20]);
            }
        }
        assertRefused(RawServer.of(OK + "\r\nContent-Encoding: gzip", bomb.toByteArray()), patient(),
                "does not answer as Alcove");
    }

    @Test
    void whatIsNoEvidenceIsSaidToBeNone() throws Exception {
        for (String body : List.of("", "<html><body>Sign in</body></html>", "null", "[]", "{}", "{\"workers\":{}}",
                "{\"workers\":[" + "[".repeat(100_000), "{\"workers\":[" + "{},".repeat(10_000) + "{}]}",
                "{\"workers\":[{\"report\":{},\"evidence\":\"AAAA\"}]}", "{\"workers\":[],\"workers\":[]}")) {
            assertRefused(RawServer.of("HTTP/1.1 200 OK\r\nContent-Type: text/html", body.getBytes(StandardCharsets.UTF_8)),
                    patient(), "as Alcove does");
        }
        assertRefused(RawServer.of("HTTP/1.1 404 Not Found", new byte[0]), patient(), "HTTP status 404");
    }

    @Test
    void whoNeverShakesHandsIsWaitedForToALimit() throws Exception {
        try (RawServer silent = new RawServer((out, over) -> over.await());
                VerifiedServer client = client(URI.create(silent.address().toString().replace("http", "https")),
                        new TestPlatform().verifier(), IMPATIENT)) {
            assertThrows(IOException.class, () -> client.verify(policy(), Collateral.NONE));
            assertFalse(silent.heard().contains("attestation"), "before the handshake nothing is asked");
        }
    }

    /** A server that was found good and then answers requests with something else. */
    private static Failure refusal(FakeServer server, Duration patience) throws Exception {
        try (server; VerifiedServer client = client(server.address(), server.platform.verifier(), patience)) {
            assertTrue(client.verify(policy(), server.platform.collateral()).getFirst().good());
            Failure failure = assertThrows(RequestException.class, () -> client.generate(chat())).failure();
            assertFalse(server.sent.toString(StandardCharsets.UTF_8).contains("CANARY"));
            return failure;
        }
    }

    @Test
    void aProxysOwnPageIsNoFaultOfTheRequestSoThatAnotherServerIsAsked() throws Exception {
        try (RawServer other = RawServer.of(OK, new byte[0])) {
            for (int status : new int[] {302, 307, 308, 403, 502}) {
                FakeServer server = new FakeServer(Optional.empty(), new byte[32]);
                byte[] page = "<html>CANARY</html>".getBytes(StandardCharsets.UTF_8);
                server.instead = exchange -> {
                    exchange.getResponseHeaders().set("Location", other.address() + "/sealed/v1/generate");
                    FakeServer.reply(exchange, status, page);
                };
                Failure failure = assertInstanceOf(Failure.Unavailable.class, refusal(server, patient()));
                assertTrue(failure.message().contains("HTTP status " + status), failure.message());
                assertFalse(failure.message().contains("CANARY"), failure.message());
            }
            assertEquals(0, other.connections.get(), "not even what is sealed goes elsewhere");
        }
    }

    @Test
    void aRefusalThatNeverEndsAndAnAnswerThatNeverBeginsAreBounded() throws Exception {
        FakeServer endless = new FakeServer(Optional.empty(), new byte[32]);
        endless.instead = exchange -> {
            exchange.sendResponseHeaders(500, 0);
            while (true) {
                exchange.getResponseBody().write(new byte[1 << 16]);
            }
        };
        assertTrue(assertInstanceOf(Failure.Unavailable.class, refusal(endless, patient())).message().contains("more than"));
        FakeServer hanging = new FakeServer(Optional.empty(), new byte[32]);
        hanging.gate = new CountDownLatch(1);
        hanging.instead = exchange -> {
            try {
                hanging.gate.await();
            } catch (InterruptedException over) {
                throw new IOException(over);
            }
        };
        Failure failure = assertInstanceOf(Failure.Unavailable.class, refusal(hanging, Duration.ofSeconds(8)));
        assertTrue(failure.message().contains("did not answer within 8000 ms"), failure.message());
    }

    @Test
    void anAnswerInTheClearIsNotBelieved() throws Exception {
        FakeServer server = new FakeServer(Optional.empty(), new byte[32]);
        server.instead = exchange -> FakeServer.reply(exchange, 200, ("{\"type\":\"delta\",\"text\":\"forged\"}\0"
                + "{\"type\":\"finished\",\"reason\":\"STOP\",\"usage\":{\"prompt_tokens\":1,\"cached_tokens\":0,"
                + "\"completion_tokens\":1}}\0").getBytes(StandardCharsets.UTF_8));
        try (server; VerifiedServer client = client(server.address(), server.platform.verifier(), patient())) {
            client.verify(policy(), server.platform.collateral());
            try (Generation generation = client.generate(chat())) {
                GenerationEvent only = generation.next();
                String message = assertInstanceOf(GenerationEvent.Failed.class, only).failure().message();
                assertFalse(message.contains("forged"), message);
            }
        }
    }
}
