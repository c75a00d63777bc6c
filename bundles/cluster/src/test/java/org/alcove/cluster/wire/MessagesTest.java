package org.alcove.cluster.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.OptionalInt;
import java.util.Set;
import org.alcove.api.worker.ModelCard;
import org.alcove.api.worker.SamplingDefaults;
import org.alcove.api.worker.WorkerStatus;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MessagesTest {

    private static final WorkerReport REPORT = new WorkerReport(
            new ModelCard("m", "llama", 2048, 32000, "sym_int4, f32", "chatml", "print", Instant.parse("2026-01-31T10:00:00Z"),
                    new SamplingDefaults(OptionalDouble.of(0.6), OptionalInt.of(20), OptionalDouble.of(0.95),
                            OptionalDouble.empty(), OptionalDouble.of(1.1))),
            "local-1", WorkerStatus.State.PAUSED, "no kernel", 41.5, 3, true, Duration.ofMillis(120),
            new WorkerStatus.Load(2, 1, 512, 40, 9_000_000_000L, 4000, 1),
            new WorkerStatus.Computing("2 threads, not bound: one memory node", "sym_int4 (vector)", 5_000_000_000L, 1 << 20));
    private static final ProcessReport PROCESS = new ProcessReport("instance", List.of(REPORT));

    private static Fields sent(JsonNode json) {
        return Json.read(Json.bytes(json), "the body");
    }

    @Test
    void aPeerThatRecommendsNoSamplingIsUnderstoodAndAWrongOneRefused() {
        ObjectNode old = REPORT.json();
        ((ObjectNode) old.get("model")).remove("sampling");
        assertEquals(SamplingDefaults.NONE, WorkerReport.of(sent(old)).model().sampling());
        ObjectNode wrong = REPORT.json();
        ((ObjectNode) wrong.at("/model/sampling")).put("top_p", 3);
        assertTrue(assertThrows(WireException.class, () -> WorkerReport.of(sent(wrong))).getMessage().contains("top_p is 3.0"));
    }

    private static Fields body(String json) {
        return Json.read(json.getBytes(StandardCharsets.UTF_8), "the body");
    }

    @Test
    void everyMessageArrives() {
        assertEquals(REPORT, WorkerReport.of(sent(REPORT.json())));
        assertEquals(PROCESS, ProcessReport.of(sent(PROCESS.json())));
        Registration registration = new Registration("http://w", true,
                Optional.of(new Registration.FastChatStatus(List.of("m"), 1.5, 2)), false, Optional.of(PROCESS));
        assertEquals(registration, Registration.of(sent(registration.json())));
        Beat beat = new Beat("http://w", 4, Optional.of(PROCESS));
        assertEquals(beat, Beat.of(sent(beat.json())));
        assertTrue(Beat.known(sent(Beat.answer(true))));
        Leave leave = new Leave("http://w", "instance");
        assertEquals(leave, Leave.of(sent(leave.json())));
        assertEquals(new Hello("c"), Hello.of(sent(new Hello("c").json())));
        assertEquals(new Welcome(5, "id"), Welcome.of(sent(new Welcome(5, "id").json())));
        ListedWorker listed = new ListedWorker("http://w", Protocol.FASTCHAT, REPORT);
        assertEquals(List.of(listed), ListedWorker.listOf(sent(ListedWorker.list("id", List.of(listed)))));
        ChoiceAnswer answer = new ChoiceAnswer("t", "http://w#m", "http://w", Protocol.ALCOVE, "shortest");
        assertEquals(answer, ChoiceAnswer.of(sent(answer.json())));
        Release release = new Release("c", List.of("t", "u"));
        assertEquals(release, Release.of(sent(release.json())));
    }

    @Test
    void aChoiceIsAskedForWithoutTheText() {
        ChoiceRequest asked = new ChoiceRequest("c", Requests.chat("m", "my secret"), Set.of("b", "a"), Optional.of("print"),
                List.of("t1", "t2"), Optional.of("t3"));
        JsonNode json = asked.json();
        assertFalse(json.toString().contains("secret"), json.toString());
        ChoiceRequest arrived = ChoiceRequest.of(sent(json));
        assertEquals("m", arrived.request().model());
        assertEquals(asked.request().context(), arrived.request().context());
        assertEquals(Set.of("a", "b"), arrived.excluded());
        assertEquals(Optional.of("print"), arrived.fingerprint());
        assertEquals(List.of("t1", "t2"), arrived.ended());
        assertEquals(Optional.of("t3"), arrived.ticket());
        ((ObjectNode) json).remove("ticket");
        assertEquals(Optional.empty(), ChoiceRequest.of(sent(json)).ticket(), "older API processes name none");
    }

    @Test
    void aRegistrationOfFastChatIsUnderstood() {
        Registration registration = Registration.of(body("""
                {"worker_name": "http://localhost:21002", "check_heart_beat": true, "multimodal": false,
                 "worker_status": {"model_names": ["vicuna"], "speed": 1, "queue_length": 0}}"""));
        assertEquals(Optional.empty(), registration.own());
        assertEquals(List.of("vicuna"), registration.status().orElseThrow().models());
        assertTrue(Registration.of(body("{\"worker_name\":\"w\",\"check_heart_beat\":false,\"worker_status\":null}"))
                .status().isEmpty());
    }

    @Test
    void aControllerOfFastChatIsToldByItsNull() {
        assertEquals(Optional.empty(), Welcome.unwrap(new PeerClient.Answer(200, "null".getBytes(StandardCharsets.UTF_8), "c",
                Optional.empty())));
        assertEquals(Optional.of(new Welcome(5, "id")),
                Welcome.unwrap(new PeerClient.Answer(200, Json.bytes(new Welcome(5, "id").wrapped()), "c",
                        Optional.empty())));
    }

    @Test
    void anotherVersionOfTheProtocolIsRefusedWithBothNumbers() {
        WireException refused = assertThrows(WireException.class, () -> Hello.of(body("{\"protocol\":2,\"client\":\"c\"}")));
        assertEquals(WireException.Kind.PROTOCOL, refused.kind());
        assertTrue(refused.getMessage().contains("version 2") && refused.getMessage().contains("version 1"),
                refused.getMessage());
    }

    @Test
    void tooManyElementsAreRefused() {
        Release many = new Release("c", java.util.Collections.nCopies(Protocol.MAX_ELEMENTS + 1, "t"));
        assertEquals(WireException.Kind.TOO_LARGE,
                assertThrows(WireException.class, () -> Release.of(sent(many.json()))).kind());
    }

    @Test
    void aSecretIsRecognisedAndNeverPrinted(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("secret"), "0123456789abcdef\n");
        Secret secret = Secret.read(file);
        assertTrue(secret.shownBy("Bearer 0123456789abcdef"));
        assertTrue(secret.shownBy("bearer 0123456789abcdef"));
        assertFalse(secret.shownBy("Bearer 0123456789abcdeF"));
        assertFalse(secret.shownBy("0123456789abcdef"));
        assertFalse(secret.shownBy(null));
        assertFalse(secret.toString().contains("0123"));
    }

    @Test
    void aSecretThatCanBeGuessedIsRefused(@TempDir Path folder) throws IOException {
        Path file = Files.writeString(folder.resolve("secret"), "short");
        String message = assertThrows(IOException.class, () -> Secret.read(file)).getMessage();
        assertTrue(message.contains("5 characters") && message.contains("16") && !message.contains("short "), message);
    }
}
