package org.alcove.cluster.wire;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.alcove.api.worker.Failure;
import org.alcove.api.worker.GenerationEvent;
import org.alcove.api.worker.ResumeState;
import org.alcove.api.worker.TokenProbability;
import org.junit.jupiter.api.Test;

class EventCodecTest {

    private final EventWriter writer = new EventWriter();
    private final EventReader reader = new EventReader("worker w");

    private GenerationEvent sent(GenerationEvent event) {
        return ((EventReader.Told.Event) reader.read(Json.bytes(writer.json(event)))).event();
    }

    private static GenerationEvent.Delta delta(String fingerprint, byte... state) {
        return new GenerationEvent.Delta("x", List.of(), Optional.of(new ResumeState(fingerprint, state)));
    }

    private void arrives(GenerationEvent.Delta delta) {
        ResumeState arrived = ((GenerationEvent.Delta) sent(delta)).resume().orElseThrow();
        assertEquals(delta.resume().orElseThrow().fingerprint(), arrived.fingerprint());
        assertArrayEquals(delta.resume().orElseThrow().state(), arrived.state());
    }

    @Test
    void beginningEndAndTextArrive() {
        for (GenerationEvent event : List.of(new GenerationEvent.Started("w", "print", -7L, 12),
                new GenerationEvent.Delta("Grüße \ud83d\ude00", List.of(), Optional.empty()),
                new GenerationEvent.Finished(GenerationEvent.Reason.LENGTH, new GenerationEvent.Usage(1, 2, 3)))) {
            assertEquals(event, sent(event));
        }
    }

    @Test
    void everyFailureArrives() {
        for (Failure failure : List.of(new Failure.Invalid("f", "m"), new Failure.ContextOverflow(1, 2, 3),
                new Failure.UnknownModel("n", "m"), new Failure.Unsupported("f", "m"),
                new Failure.Overloaded(Duration.ofMillis(1500), "m"), new Failure.Unavailable(Duration.ZERO, "m"),
                new Failure.TimedOut("m"), new Failure.Internal("m"), new Failure.Refused("g", "m"))) {
            assertEquals(new GenerationEvent.Failed(failure), sent(new GenerationEvent.Failed(failure)));
        }
    }

    @Test
    void probabilitiesArriveBitByBit() {
        List<TokenProbability> top = List.of(new TokenProbability(3, new byte[] {-1}, -0.1f, List.of()),
                new TokenProbability(4, new byte[0], Float.NaN, List.of()));
        GenerationEvent.PromptScored event = new GenerationEvent.PromptScored(
                List.of(new TokenProbability(1, new byte[] {65}, Float.NaN, List.of()),
                        new TokenProbability(2, new byte[] {(byte) 0xc3}, -1.2345678f, top)));
        List<TokenProbability> arrived = ((GenerationEvent.PromptScored) sent(event)).tokens();
        assertTrue(Float.isNaN(arrived.get(0).logprob()));
        assertEquals(-1.2345678f, arrived.get(1).logprob());
        assertArrayEquals(new byte[] {(byte) 0xc3}, arrived.get(1).bytes());
        assertEquals(-0.1f, arrived.get(1).top().get(0).logprob());
        assertArrayEquals(new byte[] {-1}, arrived.get(1).top().get(0).bytes());
        assertTrue(Float.isNaN(arrived.get(1).top().get(1).logprob()));
    }

    @Test
    void controlTokensArriveAsSuch() {
        TokenProbability likely = new TokenProbability(3, new byte[] {60}, Float.NaN, List.of(), true);
        List<TokenProbability> arrived = ((GenerationEvent.PromptScored) sent(new GenerationEvent.PromptScored(List.of(
                new TokenProbability(1, new byte[] {60}, -1, List.of(likely, new TokenProbability(4, new byte[0], -2, List.of())),
                        true),
                new TokenProbability(2, new byte[] {65}, -1, List.of(likely)))))).tokens();
        assertEquals(List.of(true, false), arrived.stream().map(TokenProbability::control).toList());
        assertEquals(List.of(true, false), arrived.getFirst().top().stream().map(TokenProbability::control).toList());
    }

    @Test
    void resumeStatesArriveThoughOnlyTheirDifferenceIsSent() {
        sent(new GenerationEvent.Started("w", "print", 1, 1));
        arrives(delta("print", new byte[] {1, 2, 3}));
        arrives(delta("print", new byte[] {1, 2, 3, 4}));
        arrives(delta("print", new byte[] {1, 9}));
        arrives(delta("other", new byte[0]));
        arrives(delta("print", new byte[] {5}));
        byte[] growing = new byte[10_000];
        arrives(delta("print", growing));
        byte[] grown = new byte[10_004];
        assertTrue(Json.bytes(writer.json(delta("print", grown))).length < 200);
    }

    @Test
    void aPingTellsHowLongTheEngineStoodStill() {
        assertEquals(new EventReader.Told.Ping(Duration.ofMillis(30), 0),
                reader.read(Json.bytes(EventWriter.ping(Duration.ofMillis(30)))));
        assertEquals(new EventReader.Told.Ping(Duration.ofMillis(30), 3),
                reader.read(Json.bytes(EventWriter.ping(Duration.ofMillis(30), 3))));
    }

    @Test
    void aDifferenceToWhatWasNeverSentIsRefused() {
        WireException refused = assertThrows(WireException.class, () -> reader.read(
                "{\"type\":\"delta\",\"text\":\"\",\"resume\":{\"keep\":21,\"add\":\"\"}}".getBytes(StandardCharsets.UTF_8)));
        assertEquals("worker w: \"resume.keep\" is 21, but the state before had 0 bytes", refused.getMessage());
    }

    @Test
    void framesOfUnknownTypesAreRefused() {
        for (String frame : List.of("{\"type\":\"song\"}", "{}", "{\"type\":\"finished\",\"reason\":\"TIRED\",\"usage\":{}}",
                "{\"type\":\"delta\",\"text\":\"\",\"tokens\":[{\"id\":1,\"bytes\":\"?\"}]}",
                "{\"type\":\"delta\",\"text\":\"\",\"tokens\":[{\"id\":1,\"bytes\":\"\",\"top\":[[1,\"\",-1,7]]}]}",
                "{\"type\":\"failed\",\"failure\":{\"kind\":\"x\",\"message\":\"\"}}")) {
            assertThrows(WireException.class, () -> reader.read(frame.getBytes(StandardCharsets.UTF_8)), frame);
        }
    }
}
