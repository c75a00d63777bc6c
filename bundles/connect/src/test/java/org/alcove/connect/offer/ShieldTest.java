package org.alcove.connect.offer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.alcove.api.worker.ModelCard;
import org.alcove.api.worker.WorkerStatus;
import org.alcove.attestation.Check;
import org.alcove.attestation.Verdict;
import org.alcove.connect.Finding;
import org.junit.jupiter.api.Test;

/** What {@code /connect/verdict} says. */
class ShieldTest {

    private static final List<Check> PASSED = List.of(new Check("real", "a quote", "a quote", Check.Result.PASSED));
    private static final URI SERVER = URI.create("https://alcove.example");
    private static final URI OTHER = URI.create("https://other.example");
    private static final ModelCard MODEL = new ModelCard("m", "llama", 100, 10, "f32", "", "f", Instant.EPOCH);
    private static final WorkerStatus STATUS = new Status("w", List.of("m"), 1, 0, false, Instant.EPOCH,
            WorkerStatus.State.READY, "", WorkerStatus.Load.NONE);

    private record Status(String id, List<String> models, double speed, int queueLength, boolean heartbeat, Instant lastBeat,
            State state, String reason, Load load) implements WorkerStatus {
    }

    private Instant now = Instant.parse("2026-01-31T10:00:00Z");
    private final Shield shield = new Shield(List.of(SERVER), Duration.ofSeconds(180), () -> now);

    private JsonNode told() throws Exception {
        return new ObjectMapper().readTree(shield.json());
    }

    private Finding good() {
        return new Finding(MODEL, STATUS, Optional.empty(),
                Optional.of(new Verdict.Tdx(now, PASSED, Map.of(), Optional.empty(), List.of())), "");
    }

    private static Finding bad() {
        return new Finding(MODEL, STATUS, Optional.empty(), Optional.empty(), "debug is on, expected off");
    }

    @Test
    void aServerThatWasNotLookedAtIsRejected() throws Exception {
        assertEquals("rejected", told().path("verdict").textValue());
        assertEquals("https://alcove.example: it has not been verified yet", told().path("reasons").path(0).textValue());
    }

    @Test
    void aServerWithOneGoodWorkerIsAcceptedAndTheOthersAreNamed() throws Exception {
        shield.found(SERVER, List.of(good(), bad()));
        JsonNode told = told();
        assertEquals("accepted", told.path("verdict").textValue());
        assertFalse(told.path("mock").booleanValue());
        assertEquals("https://alcove.example", told.path("server").textValue());
        assertEquals("2026-01-31T10:00:00Z", told.path("at").textValue());
        assertTrue(told.path("reasons").path(1).textValue().contains("debug is on, expected off"), told.toString());
    }

    @Test
    void aServerWithoutAGoodWorkerIsRejectedWithTheReason() throws Exception {
        shield.found(SERVER, List.of(bad()));
        assertEquals("rejected", told().path("verdict").textValue());
        assertTrue(told().path("reasons").path(0).textValue().contains("debug is on"));
    }

    @Test
    void mockEvidenceIsCalledMock() throws Exception {
        shield.found(SERVER, List.of(new Finding(MODEL, STATUS, Optional.empty(),
                Optional.of(new Verdict.Mock(now, PASSED, Map.of())), "")));
        assertEquals("accepted", told().path("verdict").textValue());
        assertTrue(told().path("mock").booleanValue());
        assertTrue(told().path("reasons").path(0).textValue().startsWith("MOCK"));
    }

    @Test
    void aVerdictAgesAndAFailedLookKeepsTheOneBeforeForAWhile() throws Exception {
        shield.found(SERVER, List.of(good()));
        now = now.plusSeconds(180);
        shield.failed(SERVER, "it cannot be verified: connection refused");
        assertEquals("accepted", told().path("verdict").textValue());
        now = now.plusSeconds(1);
        JsonNode told = told();
        assertEquals("rejected", told.path("verdict").textValue());
        assertTrue(told.toString().contains("connection refused") && told.toString().contains("181 s old"), told.toString());
    }

    @Test
    void oneGoodServerOfSeveralIsEnoughAndEachIsNamed() throws Exception {
        Shield both = new Shield(List.of(SERVER, OTHER), Duration.ofSeconds(180), () -> now);
        both.found(SERVER, List.of(bad()));
        both.failed(OTHER, "it cannot be verified: connection refused");
        assertEquals("rejected", new ObjectMapper().readTree(both.json()).path("verdict").textValue());
        both.found(OTHER, List.of(good()));
        JsonNode told = new ObjectMapper().readTree(both.json());
        assertEquals("accepted", told.path("verdict").textValue());
        assertEquals("https://alcove.example, https://other.example", told.path("server").textValue());
        assertEquals("https://alcove.example: worker w is refused: debug is on, expected off",
                told.path("reasons").path(0).textValue());
        assertTrue(told.path("reasons").path(1).textValue().startsWith("https://other.example: worker w is accepted"));
        now = now.plusSeconds(181);
        both.found(SERVER, List.of(bad()));
        told = new ObjectMapper().readTree(both.json());
        assertEquals("rejected", told.path("verdict").textValue(), "the good one was not seen for too long");
        assertFalse(told.path("mock").booleanValue());
    }
}
