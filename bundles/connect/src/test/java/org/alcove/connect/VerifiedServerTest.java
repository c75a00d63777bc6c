package org.alcove.connect;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.alcove.api.conversation.Message;
import org.alcove.api.worker.Failure;
import org.alcove.api.worker.GenerateRequest;
import org.alcove.api.worker.Generation;
import org.alcove.api.worker.GenerationEvent;
import org.alcove.api.worker.RequestContext;
import org.alcove.api.worker.RequestException;
import org.alcove.api.worker.ResumeState;
import org.alcove.api.worker.SamplingParameters;
import org.alcove.attestation.Evidence;
import org.alcove.attestation.Measurement;
import org.alcove.attestation.Policy;
import org.alcove.attestation.tdx.TestPlatform;
import org.alcove.evidence.TestDoor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A client against a server on a platform with a test root, over real sockets. */
class VerifiedServerTest {

    private static final byte[] NO_TLS = new byte[32];
    private static final String ANY = "\"rtmr_0\":\"any\",\"rtmr_1\":\"any\",\"rtmr_2\":\"any\",\"rtmr_3\":\"any\","
            + "\"mr_config_id\":\"any\"";

    private Instant now = TestPlatform.NOW;
    private FakeServer server;
    private VerifiedServer client;

    private void start(Optional<KeyPair> tls, byte[] tlsKeyInEvidence) throws Exception {
        server = new FakeServer(tls, tlsKeyInEvidence);
        server.answer.addAll(List.of(new GenerationEvent.Started("local-m", "f", 7, 3), delta("CANARY-", 1),
                delta("ANSWER", 2),
                new GenerationEvent.Finished(GenerationEvent.Reason.STOP, new GenerationEvent.Usage(3, 0, 2))));
        client = client(server);
    }

    private VerifiedServer client(FakeServer server) {
        return new VerifiedServer(new VerifiedServer.Settings(server.address(), Optional.empty(), false, Duration.ofMinutes(3),
                Duration.ofSeconds(20)), server.platform.verifier(), () -> now);
    }

    private static GenerationEvent.Delta delta(String text, int state) {
        return new GenerationEvent.Delta(text, List.of(), Optional.of(new ResumeState("f", new byte[state])));
    }

    @AfterEach
    void stop() {
        client.close();
        server.close();
    }

    private static Policy policy(String measurements) throws Exception {
        return Policy.read(("{\"version\":1,\"allow_mock\":true,\"measurements\":{" + measurements + "," + ANY + "}}")
                .getBytes(StandardCharsets.UTF_8));
    }

    private static GenerateRequest chat(RequestContext context) {
        return new GenerateRequest("m", context,
                new GenerateRequest.Chat(List.of(new Message(Message.Role.USER, "CANARY-PROMPT")), Map.of()),
                SamplingParameters.GREEDY, GenerateRequest.Limits.tokens(9), GenerateRequest.Logprobs.NONE);
    }

    private static GenerateRequest chat() {
        return chat(RequestContext.named("inner"));
    }

    private List<Finding> verify() throws Exception {
        return client.verify(policy("\"mr_td\":\"any\""), server.platform.collateral());
    }

    /** The worker is refused for this, and not a byte beside questions for evidence is sent. */
    private void assertNothingIsSent(List<Finding> findings, String why) {
        assertEquals(1, findings.size());
        assertFalse(findings.getFirst().good());
        assertTrue(findings.getFirst().problem().contains(why), findings.getFirst().problem());
        assertInstanceOf(Failure.Unavailable.class,
                assertThrows(RequestException.class, () -> client.generate(chat())).failure());
        assertEquals(0, server.sent.size());
    }

    private List<GenerationEvent> events(GenerateRequest request) throws InterruptedException {
        List<GenerationEvent> events = new ArrayList<>();
        try (Generation generation = client.generate(request)) {
            for (GenerationEvent event = generation.next(); event != null; event = generation.next()) {
                events.add(event);
            }
        }
        return events;
    }

    @Test
    void aSealedChatStreamsFromARightServerAndNobodyOnTheWayCanReadIt() throws Exception {
        KeyPair tls = TestPlatform.key();
        start(Optional.of(tls), FakeServer.hash(tls));
        List<Finding> findings = verify();
        assertTrue(findings.getFirst().good(), findings.getFirst().problem());
        List<GenerationEvent> events = events(chat());
        assertEquals(server.answer.get(0), events.get(0));
        assertEquals("CANARY-", assertInstanceOf(GenerationEvent.Delta.class, events.get(1)).text());
        assertEquals(2, assertInstanceOf(GenerationEvent.Delta.class, events.get(2)).resume().orElseThrow().state().length);
        assertEquals(server.answer.get(3), events.get(3));
        assertEquals(4, events.size());
        assertEquals(chat().input(), server.asked.getFirst().input());
        assertFalse(server.sent.toString(StandardCharsets.UTF_8).contains("CANARY"));
        assertTrue(server.sent.size() > 0);
    }

    @Test
    void anApiKeyIsShownWithSealedRequestsAloneAndNeverBeforeAVerification() throws Exception {
        start(Optional.empty(), NO_TLS);
        client.close();
        client = new VerifiedServer(VerifiedServer.Settings.of(server.address()).withApiKey("0123456789abcdef"),
                server.platform.verifier(), () -> now);
        server.platform.debug();
        assertNothingIsSent(verify(), "debug");
        server.platform.released();
        assertTrue(verify().getFirst().good());
        assertEquals(List.of(), server.keys);
        events(chat());
        assertEquals(List.of("/sealed/v1/generate Bearer 0123456789abcdef"), server.keys);
    }

    @Test
    void nothingIsSentBeforeAVerification() throws Exception {
        start(Optional.empty(), NO_TLS);
        assertThrows(RequestException.class, () -> client.generate(chat()));
        assertEquals(0, server.sent.size());
    }

    @Test
    void nothingIsSentToAMachineOfAnotherMeasurement() throws Exception {
        start(Optional.empty(), NO_TLS);
        assertNothingIsSent(client.verify(policy("\"mr_td\":[\"" + "ab".repeat(48) + "\"]"), server.platform.collateral()),
                "mr_td");
    }

    @Test
    void nothingIsSentToAMachineInDebugMode() throws Exception {
        start(Optional.empty(), NO_TLS);
        server.platform.debug();
        assertNothingIsSent(verify(), "debug");
    }

    @Test
    void nothingIsSentToAPlatformThatIsOutOfDate() throws Exception {
        start(Optional.empty(), NO_TLS);
        server.platform.stale();
        assertNothingIsSent(verify(), "OutOfDate");
        assertNothingIsSent(verify(), "advisories is INTEL-SA-00615");
    }

    @Test
    void nothingIsSentWhereOldEvidenceIsShownAgain() throws Exception {
        start(Optional.empty(), NO_TLS);
        assertTrue(verify().getFirst().good());
        server.replayed = server.lastEvidence;
        assertNothingIsSent(verify(), "another nonce");
    }

    @Test
    void nothingIsSentWhereTheSealingKeyIsNotTheOneInTheQuote() throws Exception {
        start(Optional.empty(), NO_TLS);
        server.door = TestDoor.of(data -> server.platform.quote(new byte[64]), NO_TLS, () -> now);
        assertNothingIsSent(verify(), "report_data");
    }

    @Test
    void nothingIsSentOverAConnectionOfAnotherTlsKey() throws Exception {
        start(Optional.of(TestPlatform.key()), FakeServer.hash(TestPlatform.key()));
        assertNothingIsSent(verify(), "somebody is in between");
    }

    @Test
    void nothingIsSentInTheClearToAServerWhoseEvidenceHoldsATlsKey() throws Exception {
        start(Optional.empty(), FakeServer.hash(TestPlatform.key()));
        assertNothingIsSent(verify(), "somebody is in between");
    }

    @Test
    void aTlsKeyThatIsSwappedAfterTheVerificationGetsNothing() throws Exception {
        KeyPair tls = TestPlatform.key();
        start(Optional.of(tls), FakeServer.hash(tls));
        verify();
        try (FakeServer other = new FakeServer(Optional.of(TestPlatform.key()), FakeServer.hash(tls))) {
            KeyPinning pinned = new KeyPinning(Optional.of(FakeServer.hash(tls)));
            javax.net.ssl.SSLSocketFactory sockets = pinned.context().getSocketFactory();
            try (var right = (javax.net.ssl.SSLSocket) sockets.createSocket("127.0.0.1", server.address().getPort());
                    var wrong = (javax.net.ssl.SSLSocket) sockets.createSocket("127.0.0.1", other.address().getPort())) {
                right.startHandshake();
                assertThrows(IOException.class, wrong::startHandshake);
            }
        }
    }

    @Test
    void nothingIsSentOnMockEvidenceUnlessThePolicyAllowsIt() throws Exception {
        start(Optional.empty(), NO_TLS);
        server.door = TestDoor.of(data -> Evidence.mock(Map.of(Measurement.REPORT_DATA, data)), NO_TLS, () -> now);
        Policy strict = Policy.read(("{\"version\":1,\"measurements\":{\"mr_td\":\"any\"," + ANY + "}}")
                .getBytes(StandardCharsets.UTF_8));
        assertNothingIsSent(client.verify(strict, server.platform.collateral()), "mock evidence");
        assertTrue(verify().getFirst().good());
        assertTrue(verify().getFirst().mock());
    }

    @Test
    void nothingIsSentWhenTheVerificationIsTooOld() throws Exception {
        start(Optional.empty(), NO_TLS);
        verify();
        now = now.plusSeconds(181);
        assertThrows(RequestException.class, () -> client.generate(chat()));
        assertEquals(0, server.sent.size());
        now = now.minusSeconds(1);
        assertEquals(4, events(chat()).size());
    }

    @Test
    void anAnswerThatIsCutOffIsNeverTakenForAWholeOne() throws Exception {
        start(Optional.empty(), NO_TLS);
        verify();
        for (int frames = 0; frames < 5; frames++) {
            server.cut = frames;
            GenerationEvent last = events(chat()).getLast();
            Failure failure = assertInstanceOf(GenerationEvent.Failed.class, last).failure();
            assertInstanceOf(Failure.Unavailable.class, failure, frames + " frames");
        }
    }

    @Test
    void whatAnInterruptedAnswerGoesOnFromIsSealedToo() throws Exception {
        start(Optional.empty(), NO_TLS);
        verify();
        events(chat(RequestContext.named("inner").withResume(new ResumeState("f", new byte[] {1, 2}))));
        assertArrayEquals(new byte[] {1, 2}, server.asked.getFirst().context().resume().orElseThrow().state());
    }

    @Test
    void aWorkerThatWasStartedAgainRefusesUntilItIsVerifiedAgain() throws Exception {
        start(Optional.empty(), NO_TLS);
        verify();
        server.door = TestDoor.of(server.platform::quote, NO_TLS, () -> now);
        Failure failure = assertThrows(RequestException.class, () -> client.generate(chat())).failure();
        assertInstanceOf(Failure.Unavailable.class, failure);
        assertTrue(server.asked.isEmpty());
        verify();
        assertEquals(4, events(chat()).size());
    }
}
