package org.alcove.cluster.wire;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import org.alcove.api.conversation.Message;
import org.alcove.api.worker.GenerateRequest;
import org.alcove.api.worker.RequestContext;
import org.alcove.api.worker.ResumeState;
import org.alcove.api.worker.SamplingParameters;
import org.junit.jupiter.api.Test;

class RequestCodecTest {

    private static final SamplingParameters SAMPLING = new SamplingParameters(0.7f, 40, 0.9f, 0.05f, 1.1f, 0.2f, -0.3f,
            Map.of(7, -100f, 9, 0.1f), OptionalLong.of(Long.MIN_VALUE));
    private static final GenerateRequest.Limits LIMITS = new GenerateRequest.Limits(12, List.of("\n\n", "</s>"), List.of(2, 5),
            3, true);

    private static GenerateRequest request(GenerateRequest.Input input) {
        RequestContext context = new RequestContext("req-1", "t", "tenant", -3,
                Optional.of(Instant.parse("2026-01-31T10:00:00.5Z")),
                "adapter", "hint", Optional.empty(), Optional.empty());
        return new GenerateRequest("m", context, input, SAMPLING, LIMITS, new GenerateRequest.Logprobs(5, true));
    }

    private static GenerateRequest sent(GenerateRequest request) {
        return RequestCodec.of(Json.read(Json.bytes(RequestCodec.json(request)), "the body"));
    }

    @Test
    void everyFieldOfAConversationArrives() {
        GenerateRequest request = request(new GenerateRequest.Chat(
                List.of(new Message(Message.Role.SYSTEM, "be brief"), new Message(Message.Role.USER,
                        "Grüße, 你好 \ud83d\ude00 \u0000"),
                        new Message(Message.Role.ASSISTANT, ""), new Message(Message.Role.TOOL, "{}")),
                Map.of("enable_thinking", false, "depth", 3L, "share", 0.25, "names", List.of("a", Map.of("b", true)))));
        assertEquals(request, sent(request));
    }

    @Test
    void textsAndTokenIdsArrive() {
        GenerateRequest text = request(new GenerateRequest.Text("once"));
        GenerateRequest control = request(new GenerateRequest.Text("<s>once", true));
        GenerateRequest tokens = request(new GenerateRequest.Tokens(List.of(1, 0, Integer.MAX_VALUE)));
        assertEquals(text, sent(text));
        assertEquals(control, sent(control));
        assertEquals(tokens, sent(tokens));
    }

    @Test
    void thatNothingIsToBeWrittenArrives() {
        GenerateRequest some = request(new GenerateRequest.Text("x"));
        GenerateRequest none = new GenerateRequest(some.model(), some.context(), some.input(), some.sampling(),
                GenerateRequest.Limits.tokens(GenerateRequest.Limits.NOTHING), some.logprobs());
        assertEquals(none, sent(none));
    }

    @Test
    void halfASurrogatePairArrivesAsItIs() {
        GenerateRequest request = request(new GenerateRequest.Text("a\ud83d b"));
        assertEquals(request, sent(request));
    }

    @Test
    void everyFloatArrivesBitByBit() {
        for (float value : new float[] {0.1f, 1e-30f, Float.MIN_VALUE, Math.nextDown(1f), Float.MAX_VALUE}) {
            SamplingParameters sampling = SAMPLING.withTemperature(value);
            assertEquals(sampling, SamplingCodec.of(Json.read(Json.bytes(SamplingCodec.json(sampling)), "it")));
        }
    }

    @Test
    void resumeStateAndSealedBodyArrive() {
        GenerateRequest plain = request(new GenerateRequest.Text(""));
        RequestContext context = new RequestContext("r", "", "", 0, Optional.empty(), "", "",
                Optional.of(new ResumeState("print", new byte[] {0, -1, 5})), Optional.of(new byte[] {9, 8}));
        RequestContext arrived = sent(new GenerateRequest("m", context, plain.input(), plain.sampling(), plain.limits(),
                GenerateRequest.Logprobs.NONE)).context();
        assertEquals("print", arrived.resume().orElseThrow().fingerprint());
        assertArrayEquals(new byte[] {0, -1, 5}, arrived.resume().orElseThrow().state());
        assertArrayEquals(new byte[] {9, 8}, arrived.sealedBody().orElseThrow());
    }

    @Test
    void whatIsMissingIsNamed() {
        for (String field : List.of("model", "context", "input", "sampling", "limits", "logprobs")) {
            ObjectNode json = RequestCodec.json(request(new GenerateRequest.Text("")));
            json.remove(field);
            WireException refused = assertThrows(WireException.class,
                    () -> RequestCodec.of(Json.read(Json.bytes(json), "the body")));
            assertEquals("the body: \"" + field + "\" is missing", refused.getMessage());
        }
    }

    @Test
    void whatIsUnknownIsPassedOver() {
        GenerateRequest request = request(new GenerateRequest.Text("x"));
        ObjectNode json = RequestCodec.json(request);
        json.put("from_the_future", 1);
        assertEquals(request, RequestCodec.of(Json.read(Json.bytes(json), "the body")));
    }

    @Test
    void brokenJsonIsRefusedWithoutQuotingIt() {
        for (String broken : List.of("{\"a\":secretword}", "[1]", "", "{\"a\":1}{}", "{\"a\":1,\"a\":2}",
                "[".repeat(100) + "]".repeat(100), "{\"secretword", "\"secretword\"")) {
            WireException refused = assertThrows(WireException.class,
                    () -> Json.read(broken.getBytes(StandardCharsets.UTF_8), "the body"), broken);
            assertTrue(!refused.getMessage().contains("secretword"), refused.getMessage());
        }
    }

    @Test
    void halfACharacterOfUtf8IsRefused() {
        byte[] body = {'{', '"', 'a', '"', ':', '"', (byte) 0xe4, (byte) 0xbd, '"', '}'};
        assertTrue(assertThrows(WireException.class, () -> Json.read(body, "the body")).getMessage().contains("UTF-8"));
    }

    @Test
    void numbersOutOfRangeAreRefusedWithTheRange() {
        ObjectNode json = RequestCodec.json(request(new GenerateRequest.Text("x")));
        ((ObjectNode) json.get("limits")).put("max_tokens", -5);
        WireException refused = assertThrows(WireException.class, () -> RequestCodec.of(Json.read(Json.bytes(json), "the body")));
        assertEquals("the body: \"limits.max_tokens\" is -5 and must be from -1 to 2147483647", refused.getMessage());
    }
}
