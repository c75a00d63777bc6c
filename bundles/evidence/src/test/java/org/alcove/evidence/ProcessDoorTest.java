package org.alcove.evidence;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Instant;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import org.alcove.api.conversation.Message;
import org.alcove.api.guard.Guards;
import org.alcove.api.guard.Vigil;
import org.alcove.api.worker.Failure;
import org.alcove.api.worker.GenerateRequest;
import org.alcove.api.worker.Generation;
import org.alcove.api.worker.GenerationEvent;
import org.alcove.api.worker.RequestContext;
import org.alcove.api.worker.RequestException;
import org.alcove.api.worker.ResumeState;
import org.alcove.api.worker.SamplingParameters;
import org.alcove.api.worker.TokenProbability;
import org.alcove.attestation.EvidenceDocument;
import org.alcove.cluster.wire.EventReader;
import org.alcove.cluster.wire.Json;
import org.alcove.cluster.wire.RequestCodec;
import org.alcove.sealing.HpkeKeys;
import org.alcove.sealing.SealedRequest;
import org.junit.jupiter.api.Test;

class ProcessDoorTest {

    private static final Instant NOW = Instant.parse("2026-06-01T00:00:00Z");
    private static final List<GenerationEvent> WRITTEN = List.of(new GenerationEvent.Started("local-m", "f", 7, 3),
            new GenerationEvent.Delta("CANARY-ANSWER", List.of(new TokenProbability(5, new byte[] {65}, Float.NaN, List.of())),
                    Optional.of(new ResumeState("f", new byte[] {1, 2, 3}))),
            new GenerationEvent.Finished(GenerationEvent.Reason.STOP, new GenerationEvent.Usage(3, 0, 1)));

    private Guards guards = request -> Vigil.NONE;
    private final ProcessDoor door = new ProcessDoor(new MockSource(), new byte[32], "{}"::getBytes,
            request -> guards.admit(request), () -> NOW);
    private final List<GenerateRequest> asked = new ArrayList<>();

    private Generation write(GenerateRequest request) {
        asked.add(request);
        Iterator<GenerationEvent> events = WRITTEN.iterator();
        return new Generation() {
            @Override
            public GenerationEvent next() {
                return events.hasNext() ? events.next() : null;
            }

            @Override
            public void close() {
                // Nothing to give back.
            }
        };
    }

    private byte[] key() throws Exception {
        return EvidenceDocument.read(door.evidence(new byte[32])).sealingKey();
    }

    private static GenerateRequest chat() {
        RequestContext inner = RequestContext.named("inner").withResume(new ResumeState("f", new byte[] {9}));
        return new GenerateRequest("m", inner,
                new GenerateRequest.Chat(List.of(new Message(Message.Role.USER, "CANARY-PROMPT")), java.util.Map.of()),
                SamplingParameters.GREEDY, GenerateRequest.Limits.tokens(9), GenerateRequest.Logprobs.NONE);
    }

    private static SealedRequest.Sealed seal(byte[] key) throws Exception {
        return SealedRequest.seal(Json.bytes(RequestCodec.json(chat())), "m", List.of(key), NOW);
    }

    private static GenerateRequest outside(byte[] envelope) {
        return new GenerateRequest("m", RequestContext.named("outer").withTenant("alice").withSealedBody(envelope),
                new GenerateRequest.Text(""), SamplingParameters.GREEDY, GenerateRequest.Limits.tokens(0),
                GenerateRequest.Logprobs.NONE);
    }

    @Test
    void theWorkerIsAskedWhatWasSealedByWhomTheOutsideNames() throws Exception {
        door.generate(outside(seal(key()).envelope()), this::write).close();
        GenerateRequest request = asked.getFirst();
        assertEquals("outer", request.context().id());
        assertEquals("alice", request.context().tenant());
        assertTrue(request.context().sealedBody().isEmpty());
        assertArrayEquals(new byte[] {9}, request.context().resume().orElseThrow().state());
        assertEquals(chat().input(), request.input());
        assertEquals(9, request.limits().maxTokens());
    }

    @Test
    void theAnswerIsSealedEventByEventAndNothingOfItStandsOutside() throws Exception {
        SealedRequest.Sealed sealed = seal(key());
        Generation answer = door.generate(outside(sealed.envelope()), this::write);
        EventReader inside = new EventReader("the worker");
        List<GenerationEvent> opened = new ArrayList<>();
        List<GenerationEvent> outside = new ArrayList<>();
        for (GenerationEvent event = answer.next(); event != null; event = answer.next()) {
            outside.add(event);
            if (event instanceof GenerationEvent.Delta delta) {
                assertTrue(delta.tokens().isEmpty() && delta.resume().isEmpty());
                byte[] plain = sealed.answer().open(Base64.getDecoder().decode(delta.text()));
                opened.add(assertInstanceOf(EventReader.Told.Event.class, inside.read(plain)).event());
            }
        }
        assertFalse(outside.toString().contains("CANARY"));
        assertTrue(sealed.answer().whole());
        assertEquals(3, opened.size());
        assertEquals(WRITTEN.get(0), opened.get(0));
        assertEquals("CANARY-ANSWER", assertInstanceOf(GenerationEvent.Delta.class, opened.get(1)).text());
        assertEquals(WRITTEN.get(2), opened.get(2));
        assertEquals(WRITTEN.get(2), outside.getLast());
        assertNull(answer.next());
    }

    @Test
    void aGuardSeesWhatWasOpenedAndItsReasonStaysInside() throws Exception {
        guards = request -> {
            assertEquals(chat().input(), request.input());
            throw new RequestException(new Failure.Refused("g", "CANARY-REASON"));
        };
        Failure.Refused refused = assertInstanceOf(Failure.Refused.class, refusal(outside(seal(key()).envelope())));
        assertEquals("g", refused.guard());
        assertFalse(refused.message().contains("CANARY"), refused.message());
        assertEquals(0, asked.size());
    }

    @Test
    void anAnswerThatAGuardEndsIsWholeInsideAndNothingFollows() throws Exception {
        GenerationEvent end = new GenerationEvent.Finished(GenerationEvent.Reason.CONTENT_FILTER,
                new GenerationEvent.Usage(3, 0, 1));
        guards = request -> event -> event instanceof GenerationEvent.Delta ? end : event;
        SealedRequest.Sealed sealed = seal(key());
        Generation answer = door.generate(outside(sealed.envelope()), this::write);
        GenerationEvent last = null;
        for (GenerationEvent event = answer.next(); event != null; event = answer.next()) {
            last = event;
            if (event instanceof GenerationEvent.Delta delta) {
                assertFalse(new String(sealed.answer().open(Base64.getDecoder().decode(delta.text()))).contains("CANARY"));
            }
        }
        assertEquals(end, last);
        assertTrue(sealed.answer().whole());
        assertNull(answer.next());
    }

    @Test
    void aRequestForAnotherKeyMayGoToAnotherWorker() throws Exception {
        byte[] other = HpkeKeys.generate().publicKey();
        assertInstanceOf(Failure.Unavailable.class, refusal(outside(seal(other).envelope())));
    }

    @Test
    void aRequestThatIsSentAgainIsRefused() throws Exception {
        byte[] envelope = seal(key()).envelope();
        door.generate(outside(envelope), this::write).close();
        Failure.Invalid again = assertInstanceOf(Failure.Invalid.class, refusal(outside(envelope)));
        assertTrue(again.message().contains("opened before"), again.message());
        assertEquals(1, asked.size());
    }

    @Test
    void whatIsNoRequestIsRefusedWithoutAWordOfIt() throws Exception {
        byte[] noRequest = SealedRequest.seal("CANARY".getBytes(), "m", List.of(key()), NOW).envelope();
        Failure failure = refusal(outside(noRequest));
        assertFalse(failure.message().contains("CANARY"), failure.message());
        byte[] changed = seal(key()).envelope();
        changed[changed.length - 1] ^= 1;
        assertInstanceOf(Failure.Invalid.class, refusal(outside(changed)));
    }

    private Failure refusal(GenerateRequest request) {
        return assertThrows(RequestException.class, () -> door.generate(request, this::write)).failure();
    }
}
