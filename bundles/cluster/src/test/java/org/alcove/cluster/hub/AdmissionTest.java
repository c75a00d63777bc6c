package org.alcove.cluster.hub;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.function.BooleanSupplier;
import org.alcove.api.worker.Failure;
import org.alcove.api.worker.RequestException;
import org.alcove.api.worker.WorkerStatus;
import org.alcove.attestation.Collateral;
import org.alcove.attestation.Evidence;
import org.alcove.attestation.EvidenceDocument;
import org.alcove.attestation.EvidenceDocument.Form;
import org.alcove.attestation.Measurement;
import org.alcove.attestation.Policy;
import org.alcove.attestation.Verdict;
import org.alcove.attestation.tdx.TdxVerifier;
import org.alcove.cluster.node.NodeHarness;
import org.alcove.cluster.stub.FakeWorker;
import org.alcove.cluster.stub.Frames;
import org.alcove.cluster.stub.TestDoor;
import org.alcove.cluster.wire.Beat;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A controller that admits workers by their evidence: mock evidence here, which the policy allows or not. */
class AdmissionTest {

    private static final Duration LONG = Duration.ofSeconds(60);
    private static final String ANY = "{\"version\":1,\"allow_mock\":%s,\"measurements\":{\"mr_td\":[\"%s\"],\"rtmr_0\":\"any\","
            + "\"rtmr_1\":\"any\",\"rtmr_2\":\"any\",\"rtmr_3\":\"any\",\"mr_config_id\":\"any\"}}";
    private static final String RIGHT = "00".repeat(48);
    private static final String WRONG = "ab".repeat(48);

    @TempDir
    Path folder;
    private final FakeWorker worker = new FakeWorker("m");
    private final NodeHarness node = new NodeHarness(TestDoor.OPEN, LONG, worker);
    private final String address = node.door().address().toString();
    private volatile boolean broken;
    private HubHarness hub;

    @BeforeEach
    void start() throws IOException {
        policy(true, RIGHT);
        hub = new HubHarness(HubHarness.settings(100, 1000, 8, Optional.of(Duration.ofSeconds(100))), TestDoor.OPEN,
                client -> Optional.of(new Witness(folder.resolve("policy.json"), Optional.empty(), this::verify, client,
                        () -> FakeWorker.NOW)));
        worker.evidence = nonce -> document(nonce, new byte[32]);
    }

    @AfterEach
    void stop() {
        hub.close();
        node.close();
    }

    private Verdict verify(Evidence evidence, Collateral collateral, Policy policy, Instant at) {
        if (broken) {
            throw new NoClassDefFoundError("a class of the verifier");
        }
        return new TdxVerifier().verify(evidence, collateral, policy, at);
    }

    private void policy(boolean mock, String measurement) throws IOException {
        Files.writeString(folder.resolve("policy.json"), ANY.formatted(mock, measurement));
    }

    private static byte[] document(byte[] nonce, byte[] tlsKey) {
        byte[] sealing = new byte[32];
        byte[] claims = {'{', '}'};
        byte[] bound = EvidenceDocument.reportData(Form.SHA512, nonce, tlsKey, sealing, claims);
        return new EvidenceDocument(Form.SHA512, nonce, tlsKey, sealing, claims,
                Evidence.mock(Map.of(Measurement.REPORT_DATA, bound))).json();
    }

    private void register() {
        hub.json("/register_worker", RegistrationTest.registration(node, address));
    }

    private WorkerStatus status() {
        return hub.control.workers().getFirst();
    }

    private JsonNode listed() {
        return Frames.json(hub.door().get("/alcove/v1/workers?client=c").body()).path("workers").path(0);
    }

    /** The worker is asked on a thread of its own. */
    private static void await(BooleanSupplier what) {
        long due = System.nanoTime() + LONG.toNanos();
        while (!what.getAsBoolean()) {
            assertTrue(System.nanoTime() < due, "it did not come to pass");
            Thread.onSpinWait();
        }
    }

    private void assertRefused(String why) {
        await(() -> status().reason().startsWith("refused: "));
        assertTrue(status().reason().contains(why), status().reason());
        assertEquals(WorkerStatus.State.PAUSED, status().state());
        assertEquals("refused", listed().path("evidence").textValue());
    }

    private void assertAdmitted() {
        await(() -> status().state() == WorkerStatus.State.READY);
    }

    @Test
    void aWorkerWithAcceptableEvidenceIsAdmittedAndMockIsCalledMock() {
        register();
        assertAdmitted();
        assertEquals("MOCK evidence, which proves nothing", status().reason());
        assertEquals("mock", listed().path("evidence").textValue());
        assertTrue(listed().path("mock").booleanValue());
    }

    @Test
    void mockEvidenceIsRefusedUnlessThePolicyAllowsIt() throws IOException {
        policy(false, RIGHT);
        register();
        assertRefused("mock evidence");
    }

    @Test
    void aWorkerOfAnotherMeasurementIsRefusedWithTheReason() throws IOException {
        policy(true, WRONG);
        register();
        assertRefused("mr_td is " + RIGHT + ", expected " + WRONG);
    }

    @Test
    void evidenceOfAnotherNonceIsRefused() {
        worker.evidence = nonce -> document(new byte[32], new byte[32]);
        register();
        assertRefused("another nonce");
    }

    @Test
    void evidenceThatHoldsAnotherTlsKeyThanTheConnectionIsRefused() {
        byte[] other = new byte[32];
        other[0] = 1;
        worker.evidence = nonce -> document(nonce, other);
        register();
        assertRefused("somebody is in between");
    }

    @Test
    void aWorkerWithoutEvidenceIsRefusedAndNothingIsSentToIt() {
        worker.evidence = nonce -> {
            throw new RequestException(new Failure.Invalid("nonce", "this process shows no evidence"));
        };
        register();
        assertRefused("this process shows no evidence");
        assertTrue(worker.requests().isEmpty());
    }

    @Test
    void aRefusedWorkerIsRefusedWhateverItsBeatsSayAndAdmittedOnceItsEvidenceIsGood() throws IOException {
        policy(true, WRONG);
        register();
        assertRefused("mr_td");
        hub.json("/receive_heart_beat", new Beat(address, 0, Optional.of(node.report())).json().toString());
        assertRefused("mr_td");
        policy(true, RIGHT);
        hub.pass(11);
        assertAdmitted();
    }

    @Test
    void aWorkerWhoseLaterEvidenceFailsIsTakenOut() throws IOException {
        register();
        assertAdmitted();
        policy(true, WRONG);
        hub.pass(99);
        assertEquals(WorkerStatus.State.READY, status().state(), "it is not asked before its time");
        hub.pass(2);
        assertRefused("mr_td");
    }

    @Test
    void aWorkerThatRegistersAgainIsAskedAgain() throws IOException {
        register();
        assertAdmitted();
        policy(true, WRONG);
        register();
        assertRefused("mr_td");
    }

    @Test
    void aWorkerThatCannotShowEvidenceAnewIsBorneWithForAWhile() {
        register();
        assertAdmitted();
        CountDownLatch looked = new CountDownLatch(1);
        worker.evidence = nonce -> {
            // The question after 100 s is not answered before it is too late: no answer comes in between.
            awaitQuietly(looked);
            throw new RequestException(new Failure.Unavailable(Duration.ofSeconds(1), "the agent is away"));
        };
        hub.pass(199);
        assertEquals(WorkerStatus.State.READY, status().state());
        hub.pass(2);
        assertRefused("evidence_seconds");
        looked.countDown();
        await(() -> status().reason().contains("the agent is away"));
        assertEquals(WorkerStatus.State.PAUSED, status().state());
    }

    @Test
    void aWorkerWhoseJudgeBreaksIsRefusedAndAskedAgain() {
        broken = true;
        register();
        assertRefused("judging it failed");
        broken = false;
        hub.pass(11);
        assertAdmitted();
    }

    private static void awaitQuietly(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Test
    void aFastChatWorkerIsRefused() {
        var answer = hub.post("/register_worker", "{\"worker_name\":\"http://127.0.0.1:9\",\"check_heart_beat\":true,"
                + "\"worker_status\":null,\"multimodal\":false}");
        assertEquals(403, answer.statusCode());
        assertTrue(answer.body().contains("--worker-policy"), answer.body());
    }
}
