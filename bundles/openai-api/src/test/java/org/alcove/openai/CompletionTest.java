package org.alcove.openai;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.alcove.api.worker.Failure;
import org.alcove.api.worker.GenerateRequest;
import org.alcove.api.worker.GenerationEvent;
import org.alcove.api.worker.RequestException;
import org.alcove.api.worker.TokenProbability;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Text completions: the shapes of prompts, echo and the old form of probabilities. */
class CompletionTest {

    private static final String PATH = "/v1/completions";

    private final TestServer server = new TestServer(TestServer.PLAIN);

    @AfterEach
    void stop() {
        server.close();
    }

    private JsonNode complete(String fields) {
        return Json.read(server.post(PATH, "{\"model\":\"tiny\"," + fields + "}").body());
    }

    @Test
    void aWholeCompletionHasTheProtocolsShape() {
        assertEquals("""
                {"id":"cmpl-1","object":"text_completion","created":1750000000,"model":"tiny","system_fingerprint":"fp-1",\
                "choices":[{"text":"Hello world","index":0,"logprobs":null,"finish_reason":"stop"}],"usage":{"prompt_tokens":7,\
                "completion_tokens":2,"total_tokens":9,"prompt_tokens_details":{"cached_tokens":3,"audio_tokens":0},\
                "completion_tokens_details":{"reasoning_tokens":0,"audio_tokens":0,"accepted_prediction_tokens":0,\
                "rejected_prediction_tokens":0}}}""", complete("\"prompt\":\"Hi\"").toString());
        assertEquals(16, server.controller.asked.getFirst().limits().maxTokens());
    }

    @Test
    void aStreamedCompletionHasTheProtocolsShape() {
        String head = "data: {\"id\":\"cmpl-1\",\"object\":\"text_completion\",\"created\":1750000000,\"model\":\"tiny\","
                + "\"system_fingerprint\":\"fp-1\",\"choices\":[";
        assertEquals(head + "{\"text\":\"Hello\",\"index\":0,\"logprobs\":null,\"finish_reason\":null}]}\n\n"
                + head + "{\"text\":\" world\",\"index\":0,\"logprobs\":null,\"finish_reason\":null}]}\n\n"
                + head + "{\"text\":\"\",\"index\":0,\"logprobs\":null,\"finish_reason\":\"stop\"}]}\n\n"
                + "data: [DONE]\n\n", server.post(PATH, "{\"model\":\"tiny\",\"prompt\":\"Hi\",\"stream\":true}").body());
    }

    @Test
    void aPromptMayBeAStringAListIdsOrListsOfIds() {
        complete("\"prompt\":\"a\"");
        complete("\"prompt\":[\"a\",\"b\"],\"n\":2");
        complete("\"prompt\":[1,2,3]");
        JsonNode answer = complete("\"prompt\":[[1],[2,3]]");
        assertEquals(2, answer.at("/choices").size());
        assertEquals(14, answer.at("/usage/prompt_tokens").intValue());
        assertEquals(List.of("Text[text=a, control=false]",
                "Text[text=a, control=false]", "Text[text=a, control=false]",
                "Text[text=b, control=false]", "Text[text=b, control=false]",
                "Tokens[ids=[1, 2, 3]]", "Tokens[ids=[1]]", "Tokens[ids=[2, 3]]"),
                server.controller.asked.stream().map(it -> it.input().toString()).toList());
    }

    @Test
    void choicesOfSeveralPromptsAreNumberedPromptByPrompt() {
        server.controller.play(request -> FakeController.answer(((GenerateRequest.Text) request.input()).text()));
        JsonNode answer = complete("\"prompt\":[\"a\",\"b\"],\"n\":2");
        assertEquals(List.of("a", "a", "b", "b"), answer.at("/choices").findValuesAsText("text"));
        assertEquals(List.of("0", "1", "2", "3"), answer.at("/choices").findValuesAsText("index"));
    }

    @Test
    void aRequestWithManyPromptsRunsAFewSideBySide() throws IOException {
        server.controller.playOpen(FakeController.started());
        String prompts = "{\"model\":\"tiny\",\"prompt\":[" + "\"x\",".repeat(99) + "\"x\"]}";
        try (Socket socket = server.open(PATH, prompts)) {
            Await.until(() -> server.controller.asked.size() == ParallelChoices.SIDE_BY_SIDE);
            server.controller.played.getFirst().send(FakeController.finished(1));
            Await.until(() -> server.controller.asked.size() == ParallelChoices.SIDE_BY_SIDE + 1);
            server.controller.played.get(1).send(FakeController.finished(1));
            Await.until(() -> server.controller.asked.size() == ParallelChoices.SIDE_BY_SIDE + 2);
        }
    }

    @Test
    void choicesThatFindTheWorkersFullWaitForTheirSistersToEnd() {
        AtomicInteger free = new AtomicInteger(2);
        server.controller.play(request -> {
            if (server.controller.running.get() >= free.get()) {
                throw new RequestException(new Failure.Overloaded(Duration.ofSeconds(1), "full"));
            }
            return FakeController.answer("x");
        });
        assertEquals(9, complete("\"prompt\":\"a\",\"n\":9").at("/choices").size());
        free.set(0);
        assertEquals("overloaded", complete("\"prompt\":\"a\",\"n\":2").at("/error/code").textValue());
    }

    @Test
    void anEchoBeginsTheTextWithThePrompt() {
        assertEquals("Hi Hello world", complete("\"prompt\":\"Hi \",\"echo\":true").at("/choices/0/text").textValue());
        assertEquals(GenerateRequest.Logprobs.NONE, server.controller.asked.getFirst().logprobs());
    }

    private static List<GenerationEvent> scored() {
        TokenProbability generated = FakeController.token(9, "s", -0.5f, FakeController.token(8, ".", -0.25f));
        return List.of(FakeController.started(),
                new GenerationEvent.PromptScored(List.of(
                        FakeController.token(1, "<s>", Float.NaN),
                        FakeController.token(5, " Caf", -1f, FakeController.token(5, " Caf", -1f)),
                        new TokenProbability(6, new byte[] {(byte) 0xc3}, -2f, List.of(FakeController.token(7, "e", -1.5f))),
                        new TokenProbability(7, new byte[] {(byte) 0xa9}, Float.NEGATIVE_INFINITY, List.of()))),
                FakeController.delta("s", generated), FakeController.finished(1));
    }

    @Test
    void anEchoWithProbabilitiesHasAnEntryForEveryTokenOfThePrompt() {
        server.controller.play(request -> scored());
        JsonNode choice = complete("\"prompt\":\"Café\",\"echo\":true,\"logprobs\":1,\"max_tokens\":1").at("/choices/0");
        assertEquals("Cafés", choice.get("text").textValue());
        assertEquals("""
                {"tokens":["<s>"," Caf","bytes:\\\\xc3","bytes:\\\\xa9","s"],"token_logprobs":[null,-1.0,-2.0,-9999.0,-0.5],\
                "top_logprobs":[null,{" Caf":-1.0},{"e":-1.5,"bytes:\\\\xc3":-2.0},{"bytes:\\\\xa9":-9999.0},\
                {".":-0.25,"s":-0.5}],\
                "text_offset":[0,0,3,3,4]}""", choice.get("logprobs").toString());
        assertEquals(new GenerateRequest.Logprobs(1, true), server.controller.asked.getFirst().logprobs());
    }

    @Test
    void aStreamedEchoSaysThePromptFirst() {
        server.controller.play(request -> scored());
        String body = server.post(PATH,
                "{\"model\":\"tiny\",\"prompt\":\"Café\",\"echo\":true,\"logprobs\":0,\"stream\":true}").body();
        List<JsonNode> pieces = body.lines().filter(line -> line.startsWith("data: {")).map(line -> Json.read(line.substring(6)))
                .toList();
        assertEquals("Café", pieces.get(0).at("/choices/0/text").textValue());
        assertEquals("[0,0,3,3]", pieces.get(0).at("/choices/0/logprobs/text_offset").toString());
        assertEquals("[4]", pieces.get(1).at("/choices/0/logprobs/text_offset").toString());
    }

    @Test
    void noTokensAreWrittenWhereNoneAreWanted() {
        server.controller.play(request -> List.of(FakeController.started(), scored().get(1), new GenerationEvent.Finished(
                GenerationEvent.Reason.LENGTH, new GenerationEvent.Usage(4, 0, 0))));
        JsonNode answer = complete("\"prompt\":\"Café\",\"echo\":true,\"logprobs\":0,\"max_tokens\":0");
        assertEquals("Café", answer.at("/choices/0/text").textValue());
        assertEquals(4, answer.at("/choices/0/logprobs/tokens").size());
        assertEquals("length", answer.at("/choices/0/finish_reason").textValue());
        assertEquals(0, answer.at("/usage/completion_tokens").intValue());
        assertEquals(GenerateRequest.Limits.NOTHING, server.controller.asked.getFirst().limits().maxTokens());
    }

    @Test
    void theTextOfIdsIsEchoedFromTheirTokens() {
        server.controller.play(request -> scored());
        JsonNode choice = complete("\"prompt\":[1,5,6,7],\"echo\":true").at("/choices/0");
        assertEquals("<s> Cafés", choice.get("text").textValue());
        assertTrue(choice.get("logprobs").isNull());
        assertEquals(new GenerateRequest.Logprobs(0, true), server.controller.asked.getFirst().logprobs());
    }
}
