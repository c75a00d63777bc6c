package org.alcove.cluster.wire;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.alcove.api.worker.Failure;
import org.alcove.api.worker.GenerateRequest;
import org.alcove.api.worker.RequestException;
import org.junit.jupiter.api.Test;

class FastChatTest {

    private static Fields body(String json) {
        return Json.read(json.getBytes(StandardCharsets.UTF_8), "the body");
    }

    private static Fields sent(JsonNode json) {
        return Json.read(Json.bytes(json), "the body");
    }

    @Test
    void aRequestArrives() {
        FastChatRequest request = new FastChatRequest("m", "USER: hi", 0.5, 0.9, -1, 1.1, 0.1, 0.2, 33, List.of("a", "b"),
                List.of(2),
                false, Optional.of(3), "");
        assertEquals(request, FastChatRequest.of(sent(request.json())));
    }

    @Test
    void noRequestSaysThatNothingIsToBeWritten() {
        FastChatRequest request = new FastChatRequest("m", "p", 1, 1, -1, 1, 0, 0, GenerateRequest.Limits.NOTHING, List.of(),
                List.of(), false, Optional.empty(), "");
        Failure refused = assertThrows(RequestException.class, request::json).failure();
        assertEquals("max_tokens", assertInstanceOf(Failure.Unsupported.class, refused).field());
    }

    @Test
    void whatARequestLeavesOutIsAsFastChatHasIt() {
        FastChatRequest request = FastChatRequest.of(
                body("{\"prompt\":\"p\",\"stop\":\"###\",\"stop_token_ids\":null,\"top_k\":-1}"));
        assertEquals(1.0, request.temperature());
        assertEquals(256, request.maxNewTokens());
        assertTrue(request.echo());
        assertEquals(List.of("###"), request.stops());
        assertEquals("", request.foreign());
    }

    @Test
    void whatCannotBeDoneIsNamed() {
        assertEquals("best_of", FastChatRequest.of(body("{\"prompt\":\"p\",\"best_of\":2}")).foreign());
        assertEquals("use_beam_search", FastChatRequest.of(body("{\"prompt\":\"p\",\"use_beam_search\":true}")).foreign());
        assertEquals("images", FastChatRequest.of(body("{\"prompt\":\"p\",\"images\":[\"x\"]}")).foreign());
    }

    @Test
    void aChunkArrives() {
        FastChatChunk chunk = new FastChatChunk("so far", 0, Optional.of(new FastChatChunk.Usage(3, 4)), Optional.of("stop"));
        assertEquals(chunk, FastChatChunk.of(sent(chunk.json())));
        assertEquals(7, chunk.json().path("usage").path("total_tokens").intValue());
    }

    @Test
    void theNumbersOfTheStylesAreFastChats() {
        assertEquals(23, SeparatorStyle.values().length);
        assertEquals(1, SeparatorStyle.ADD_COLON_SINGLE.number());
        assertEquals(8, SeparatorStyle.LLAMA3.number());
        assertEquals(10, SeparatorStyle.CHATML.number());
        assertEquals(23, SeparatorStyle.DEFAULT.number());
        assertEquals(Optional.of(SeparatorStyle.GEMMA), SeparatorStyle.numbered(21));
        assertEquals(Optional.empty(), SeparatorStyle.numbered(24));
    }

    @Test
    void aTemplateArrives() {
        FastChatTemplate template = new FastChatTemplate("vicuna_v1.1", "{system_message}", "A chat.", "USER", "ASSISTANT",
                List.of(new FastChatTemplate.Turn("USER", "hi")), SeparatorStyle.ADD_COLON_TWO, " ", "</s>", List.of("x"),
                        List.of(2));
        assertEquals(template, FastChatTemplate.of(sent(template.json())));
    }

    @Test
    void aTemplateOfFastChatIsUnderstood() {
        FastChatTemplate template = FastChatTemplate.of(body("""
                {"conv": {"name": "one_shot", "system_template": "{system_message}", "system_message": "S", "roles": ["Human",
                        "Assistant"],
                 "messages": [["Human", "q"], ["Assistant", "a"]], "offset": 2, "sep_style": 1, "sep": "\\n### ", "sep2": null,
                 "stop_str": "###", "stop_token_ids": null, "max_image_size_mb": null}}"""));
        assertEquals(List.of("###"), template.stops());
        assertEquals(2, template.seed().size());
        assertThrows(WireException.class,
                () -> FastChatTemplate.of(body("{\"conv\":{\"roles\":[\"a\",\"b\"],\"sep_style\":24}}")));
    }

    @Test
    void everyFailureHasANumber() {
        assertEquals(40303, FastChatErrors.code(new Failure.ContextOverflow(1, 2, 3)));
        assertEquals(42903, FastChatErrors.code(new Failure.Overloaded(Duration.ZERO, "")));
        assertEquals(40301, FastChatErrors.code(new Failure.UnknownModel("m", "")));
        assertEquals(50001, FastChatErrors.code(new Failure.Internal("")));
    }

    @Test
    void everyNumberHasAFailure() {
        assertInstanceOf(Failure.Internal.class, FastChatErrors.failure(50001, "m", "w"));
        assertInstanceOf(Failure.Invalid.class, FastChatErrors.failure(40303, "m", "w"));
        assertInstanceOf(Failure.Overloaded.class, FastChatErrors.failure(42901, "m", "w"));
        assertInstanceOf(Failure.Unavailable.class, FastChatErrors.failure(50002, "m", "w"));
        assertInstanceOf(Failure.Unavailable.class, FastChatErrors.failure(40102, "m", "w"));
        assertInstanceOf(Failure.UnknownModel.class, FastChatErrors.failure(40301, "m", "w"));
        assertInstanceOf(Failure.Internal.class, FastChatErrors.failure(12345, "m", "w"));
    }
}
