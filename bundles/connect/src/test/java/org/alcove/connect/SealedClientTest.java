package org.alcove.connect;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.alcove.api.conversation.Message;
import org.alcove.api.worker.GenerateRequest;
import org.alcove.api.worker.Generation;
import org.alcove.api.worker.GenerationEvent;
import org.alcove.api.worker.RequestContext;
import org.alcove.api.worker.RequestException;
import org.alcove.api.worker.ResumeState;
import org.alcove.api.worker.SamplingParameters;
import org.alcove.attestation.Collateral;
import org.alcove.attestation.Policy;
import org.alcove.attestation.Verifier;
import org.alcove.attestation.tdx.TestPlatform;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The library's client with several servers, each with a platform of its own, over real sockets. */
@Timeout(300)
class SealedClientTest {

    private static final String POLICY = "{\"version\":1,\"allow_mock\":true,\"measurements\":{\"mr_td\":\"any\","
            + "\"rtmr_0\":\"any\",\"rtmr_1\":\"any\",\"rtmr_2\":\"any\",\"rtmr_3\":\"any\",\"mr_config_id\":\"any\"}}";

    private final List<FakeServer> servers = new ArrayList<>();
    private SealedClient client;

    @AfterEach
    void stop() {
        client.close();
        servers.forEach(FakeServer::close);
    }

    private FakeServer server(GenerationEvent... deltas) throws Exception {
        FakeServer server = new FakeServer(Optional.empty(), new byte[32]);
        server.answer.add(new GenerationEvent.Started("local-m", "f", 7, 3));
        server.answer.addAll(List.of(deltas));
        server.answer.add(new GenerationEvent.Finished(GenerationEvent.Reason.STOP, new GenerationEvent.Usage(3, 0, 2)));
        servers.add(server);
        return server;
    }

    private static GenerationEvent.Delta delta(String text, int state) {
        return new GenerationEvent.Delta(text, List.of(), Optional.of(new ResumeState("f", new byte[state])));
    }

    /** Trusts the test roots of all servers; each root has collateral of its own. */
    private Verifier verifier() {
        return (evidence, collateral, policy, at) -> servers.stream()
                .map(server -> server.platform.verifier().verify(evidence, server.platform.collateral(), policy, at))
                .sorted((one, other) -> Boolean.compare(other.good(), one.good())).findFirst().orElseThrow();
    }

    private List<SealedClient.Look> verify(URI... more) throws Exception {
        List<VerifiedServer.Settings> settings = new ArrayList<>();
        List.of(more).forEach(address -> settings.add(VerifiedServer.Settings.of(address)));
        servers.forEach(server -> settings.add(VerifiedServer.Settings.of(server.address())));
        client = new SealedClient(settings, verifier(), () -> TestPlatform.NOW);
        return client.verify(Policy.read(POLICY.getBytes(StandardCharsets.UTF_8)), Collateral.NONE);
    }

    private static GenerateRequest chat() {
        return new GenerateRequest("m", RequestContext.named("r"),
                new GenerateRequest.Chat(List.of(new Message(Message.Role.USER, "CANARY-PROMPT")), Map.of()),
                SamplingParameters.GREEDY, GenerateRequest.Limits.tokens(9), GenerateRequest.Logprobs.NONE);
    }

    private List<GenerationEvent> ask() throws InterruptedException {
        List<GenerationEvent> events = new ArrayList<>();
        try (Generation generation = client.generate(chat())) {
            for (GenerationEvent event = generation.next(); event != null; event = generation.next()) {
                events.add(event);
            }
        }
        return events;
    }

    @Test
    void anAnswerGoesOnAtAnotherVerifiedAddressWithTheSameTextAndNoneButTheVerifiedHearAByte() throws Exception {
        FakeServer dying = server(delta("CANARY-", 1), delta("ANSWER", 2));
        dying.cut = 3;
        FakeServer debug = server(delta("ANSWER", 2));
        debug.platform.debug();
        FakeServer right = server(delta("ANSWER", 2));
        assertEquals(List.of(true, false, true), verify().stream().map(SealedClient.Look::good).toList());
        List<GenerationEvent> events = ask();
        assertEquals(List.of(right.answer.get(0), dying.answer.get(1).getClass(), right.answer.get(2)),
                List.of(events.get(0), events.get(1).getClass(), events.get(3)));
        assertEquals("CANARY-", assertInstanceOf(GenerationEvent.Delta.class, events.get(1)).text());
        assertEquals("ANSWER", assertInstanceOf(GenerationEvent.Delta.class, events.get(2)).text());
        assertEquals(4, events.size(), "it begins once and ends once");
        GenerateRequest again = right.asked.getFirst();
        assertArrayEquals(new byte[1], again.context().resume().orElseThrow().state());
        assertEquals(OptionalLong.of(7), again.sampling().seed());
        assertEquals(0, debug.sent.size());
        assertFalse((dying.sent.toString(StandardCharsets.UTF_8) + right.sent.toString(StandardCharsets.UTF_8))
                .contains("CANARY"));
    }

    @Test
    void whereNobodyGoesOnTheAnswerEndsAndSaysSo() throws Exception {
        FakeServer dying = server(delta("CANARY-", 1), delta("ANSWER", 2));
        dying.cut = 3;
        FakeServer stale = server(delta("ANSWER", 2));
        stale.platform.stale();
        verify();
        String message;
        try (Generation generation = client.generate(chat())) {
            assertInstanceOf(GenerationEvent.Started.class, generation.next());
            assertInstanceOf(GenerationEvent.Delta.class, generation.next());
            dying.instead = exchange -> FakeServer.reply(exchange, 503, new byte[0]);
            message = assertInstanceOf(GenerationEvent.Failed.class, generation.next()).failure().message();
            assertEquals(null, generation.next());
        }
        assertTrue(message.contains("was lost") && message.contains("nobody could go on with the answer"), message);
        assertEquals(0, stale.sent.size());
    }

    @Test
    void anAddressWhereNobodyAnswersIsPassedOver() throws Exception {
        FakeServer right = server(delta("fine", 1));
        URI nobody;
        try (RawServer gone = RawServer.of("HTTP/1.1 200 OK", new byte[0])) {
            nobody = gone.address();
        }
        List<SealedClient.Look> looks = verify(nobody);
        assertTrue(looks.getFirst().problem().contains("connection refused"), looks.getFirst().problem());
        assertFalse(looks.getFirst().good());
        assertEquals(3, ask().size());
        assertEquals(1, right.asked.size());
    }

    @Test
    void whatOnlyTheRequestIsToBlameForIsAskedOfNobodyElse() throws Exception {
        FakeServer first = server(delta("fine", 1));
        first.instead = exchange -> FakeServer.reply(exchange, 400, ("{\"failure\":{\"kind\":\"invalid\",\"field\":\"x\","
                + "\"message\":\"wrong\"}}").getBytes(StandardCharsets.UTF_8));
        FakeServer second = server(delta("fine", 1));
        verify();
        assertEquals("wrong", assertThrows(RequestException.class, () -> client.generate(chat())).failure().message());
        assertEquals(0, second.sent.size());
    }

    @Test
    void anAnswerThatIsClosedGoesOnNowhere() throws Exception {
        FakeServer dying = server(delta("CANARY-", 1), delta("ANSWER", 2));
        dying.cut = 3;
        FakeServer right = server(delta("ANSWER", 2));
        verify();
        try (Generation generation = client.generate(chat())) {
            generation.next();
            generation.close();
            assertEquals(null, generation.next());
        }
        assertEquals(0, right.sent.size());
    }

    @Test
    void anApiKeyIsNeverPrintedAndMustBeOne() throws Exception {
        VerifiedServer.Settings settings = VerifiedServer.Settings.of(URI.create("https://a:1"))
                .withApiKey("0123456789abcdef-key");
        assertEquals("https://a:1 (relayed)", settings.behindRelay().toString());
        client = new SealedClient(List.of(settings), verifier(), () -> TestPlatform.NOW);
        String message = assertThrows(IllegalArgumentException.class, () -> new SealedClient(
                List.of(settings.withApiKey("short")), verifier(), () -> TestPlatform.NOW)).getMessage();
        assertTrue(message.contains("https://a:1") && !message.contains("short"), message);
        assertThrows(IllegalArgumentException.class, () -> new SealedClient(List.of(), verifier(), () -> TestPlatform.NOW));
    }
}
