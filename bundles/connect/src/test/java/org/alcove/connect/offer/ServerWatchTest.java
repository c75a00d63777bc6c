package org.alcove.connect.offer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyPair;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
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
import org.alcove.attestation.Verifier;
import org.alcove.attestation.tdx.TestPlatform;
import org.alcove.connect.FakeServer;
import org.alcove.connect.Switch;
import org.alcove.connect.VerifiedServer;
import org.alcove.core.TestCore;
import org.alcove.evidence.TestDoor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** What is on offer while servers change, and who is sealed to when they do in the middle of an answer. */
@Timeout(300)
class ServerWatchTest {

    private static final String MEASURES = "\"measurements\":{\"mr_td\":\"any\",\"rtmr_0\":\"any\",\"rtmr_1\":\"any\","
            + "\"rtmr_2\":\"any\",\"rtmr_3\":\"any\",\"mr_config_id\":\"any\"}}";
    private static final byte[] NO_TLS = new byte[32];

    @TempDir
    private Path folder;
    private Instant now = TestPlatform.NOW;
    private final List<FakeServer> servers = new ArrayList<>();
    private final List<SealedWorker> offered = new ArrayList<>();
    private final TestCore.Growing core = TestCore.growing(Duration.ofSeconds(20));
    private Shield shield;
    private ServerWatch watch;

    @AfterEach
    void stop() {
        watch.close();
        servers.forEach(FakeServer::close);
    }

    private static GenerationEvent.Delta delta(String text, int state) {
        return new GenerationEvent.Delta(text, List.of(), Optional.of(new ResumeState("f", new byte[state])));
    }

    private FakeServer server(Optional<KeyPair> tls, GenerationEvent... deltas) throws Exception {
        FakeServer server = new FakeServer(tls, tls.isPresent() ? FakeServer.hash(tls.get()) : NO_TLS);
        server.answer.add(new GenerationEvent.Started("local-m", "f", 7, 3));
        server.answer.addAll(List.of(deltas));
        server.answer.add(new GenerationEvent.Finished(GenerationEvent.Reason.STOP, new GenerationEvent.Usage(3, 0, 2)));
        servers.add(server);
        return server;
    }

    /** Trusts the test roots of all servers; each root has collateral of its own. */
    private Verifier verifier() {
        return (evidence, collateral, policy, at) -> servers.stream()
                .map(server -> server.platform.verifier().verify(evidence, server.platform.collateral(), policy, at))
                .sorted((one, other) -> Boolean.compare(other.good(), one.good())).findFirst().orElseThrow();
    }

    private void policy(String fields) throws IOException {
        Files.writeString(folder.resolve("policy.json"), "{\"version\":1," + fields + MEASURES);
    }

    private void watch(URI address) throws IOException {
        policy("\"allow_mock\":true,");
        shield = new Shield(List.of(address), Duration.ofMinutes(3), () -> now);
        VerifiedServer server = new VerifiedServer(new VerifiedServer.Settings(address, Optional.empty(), false,
                Duration.ofMinutes(3), Duration.ofSeconds(20)), verifier(), () -> now);
        watch = new ServerWatch(server, new ServerWatch.Rules(folder.resolve("policy.json"), Optional.empty(), 60, ""),
                this::offer, shield);
    }

    private Runnable offer(SealedWorker worker) {
        offered.add(worker);
        Runnable withdraw = core.add(worker);
        return () -> {
            offered.remove(worker);
            withdraw.run();
        };
    }

    private JsonNode verdict() throws IOException {
        return new ObjectMapper().readTree(shield.json());
    }

    private static GenerateRequest chat() {
        return new GenerateRequest("m", RequestContext.named("r"),
                new GenerateRequest.Chat(List.of(new Message(Message.Role.USER, "CANARY-PROMPT")), Map.of()),
                SamplingParameters.GREEDY, GenerateRequest.Limits.tokens(9), GenerateRequest.Logprobs.NONE);
    }

    private static String text(Generation generation) throws InterruptedException {
        StringBuilder text = new StringBuilder();
        for (GenerationEvent event = generation.next(); event != null; event = generation.next()) {
            text.append(switch (event) {
                case GenerationEvent.Delta delta -> delta.text();
                case GenerationEvent.Failed failed -> " FAILED: " + failed.failure().message();
                default -> "";
            });
        }
        return text.toString();
    }

    private static void assertRefuses(SealedWorker worker) {
        assertInstanceOf(Failure.Unavailable.class,
                assertThrows(RequestException.class, () -> worker.generate(chat())).failure());
    }

    @Test
    void mockEvidenceIsOfferedToNobodyUnlessThePolicyAllowsItAndThenItIsSaid() throws Exception {
        FakeServer server = server(Optional.empty());
        server.door = TestDoor.of(data -> Evidence.mock(Map.of(Measurement.REPORT_DATA, data)), NO_TLS, () -> now);
        watch(server.address());
        policy("");
        assertFalse(watch.look());
        assertEquals(List.of(), offered);
        assertEquals("rejected", verdict().path("verdict").textValue());
        assertTrue(verdict().path("reasons").toString().contains("mock evidence"), verdict().toString());
        policy("\"allow_mock\":true,");
        assertTrue(watch.look());
        assertEquals(1, offered.size());
        assertEquals("accepted", verdict().path("verdict").textValue());
        assertTrue(verdict().path("mock").booleanValue());
        assertTrue(verdict().path("reasons").path(0).textValue().startsWith("MOCK"));
        policy("");
        watch.look();
        assertEquals(List.of(), offered, "the policy is read anew");
        assertEquals(0, server.sent.size());
    }

    @Test
    void anExpiredVerdictSendsNothingUntilTheServerIsVerifiedAgain() throws Exception {
        FakeServer server = server(Optional.empty(), delta("fine", 1));
        watch(server.address());
        assertTrue(watch.look());
        SealedWorker worker = offered.getFirst();
        now = now.plusSeconds(181);
        assertRefuses(worker);
        assertEquals("rejected", verdict().path("verdict").textValue());
        assertEquals(0, server.sent.size());
        assertTrue(watch.look());
        assertEquals("accepted", verdict().path("verdict").textValue());
        assertEquals(List.of(worker), offered, "it is the same worker still");
        assertEquals("fine", text(worker.generate(chat())));
    }

    @Test
    void aServerThatFailsItsNextVerificationIsTakenOffAndGetsNothingMore() throws Exception {
        FakeServer server = server(Optional.empty(), delta("fine", 1));
        watch(server.address());
        watch.look();
        SealedWorker worker = offered.getFirst();
        server.platform.debug();
        assertFalse(watch.look());
        assertEquals(List.of(), offered);
        assertRefuses(worker);
        assertEquals(0, server.sent.size());
        assertTrue(verdict().path("reasons").toString().contains("debug"), verdict().toString());
    }

    @Test
    void aServerThatCannotBeAskedKeepsItsVerdictWhileItIsFreshAndSaysWhy() throws Exception {
        FakeServer server = server(Optional.empty(), delta("fine", 1));
        watch(server.address());
        watch.look();
        server.close();
        assertFalse(watch.look());
        assertEquals(1, offered.size());
        assertEquals("accepted", verdict().path("verdict").textValue());
        assertTrue(verdict().path("reasons").toString().contains("cannot be verified"), verdict().toString());
        now = now.plusSeconds(181);
        assertRefuses(offered.getFirst());
    }

    @Test
    void anAnswerWhoseWorkerStartsAnewGoesOnSealedToItsNewKeyOnlyOnceThatIsVerified() throws Exception {
        FakeServer server = server(Optional.empty(), delta("CANARY-", 1), delta("ANSWER", 2));
        watch(server.address());
        watch.look();
        server.cut = 3;
        try (Generation generation = core.controller().generate(chat())) {
            assertInstanceOf(GenerationEvent.Started.class, generation.next());
            assertEquals("CANARY-", assertInstanceOf(GenerationEvent.Delta.class, generation.next()).text());
            SealedWorker before = offered.getFirst();
            server.door = TestDoor.of(server.platform::quote, NO_TLS, () -> now);
            server.cut = Integer.MAX_VALUE;
            server.answer.remove(1);
            Thread looking = Thread.ofVirtual().start(() -> {
                // As the nudge of the worker that refuses has the server verified.
                assertRefuses(before);
                watch.look();
            });
            assertEquals("ANSWER", text(generation));
            looking.join();
            assertFalse(offered.contains(before));
        }
        assertEquals(2, server.asked.size());
        assertArrayEquals(new byte[1], server.asked.getLast().context().resume().orElseThrow().state());
        assertFalse(server.sent.toString(StandardCharsets.UTF_8).contains("CANARY"));
    }

    @Test
    void anAnswerDuringWhichTheTlsKeyChangesIsSealedAnewToWhoHoldsTheNewOneAfterThatWasVerified() throws Exception {
        FakeServer first = server(Optional.of(TestPlatform.key()), delta("CANARY-", 1), delta("never", 2));
        first.gate = new CountDownLatch(1);
        FakeServer second = server(Optional.of(TestPlatform.key()), delta("ANSWER", 2));
        try (Switch wire = new Switch(first.address())) {
            watch(wire.address());
            watch.look();
            try (Generation generation = core.controller().generate(chat())) {
                assertInstanceOf(GenerationEvent.Started.class, generation.next());
                assertEquals("CANARY-", assertInstanceOf(GenerationEvent.Delta.class, generation.next()).text());
                int told = first.sent.size();
                wire.turn(second.address());
                assertRefuses(offered.getFirst());
                assertEquals(0, second.sent.size(), "nothing was verified of who answers now");
                assertTrue(watch.look());
                assertEquals("ANSWER", text(generation));
                assertEquals(told, first.sent.size(), "who was there before is sent nothing more");
                assertEquals(1, second.asked.size());
                assertEquals(0, second.sent.toString(StandardCharsets.UTF_8).split("CANARY", -1).length - 1);
            }
        }
    }
}
