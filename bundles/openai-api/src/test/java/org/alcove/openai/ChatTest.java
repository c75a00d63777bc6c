package org.alcove.openai;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.OptionalLong;
import org.alcove.api.conversation.Message;
import org.alcove.api.worker.GenerateRequest;
import org.alcove.api.worker.SamplingParameters;
import org.alcove.api.worker.TokenProbability;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Chat answers, whole and streamed, to the byte. */
class ChatTest {

    private static final String PATH = "/v1/chat/completions";
    private static final String ASK = "\"model\":\"tiny\",\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]";

    private final TestServer server = new TestServer(TestServer.PLAIN);

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void aWholeAnswerHasTheProtocolsShape() {
        HttpResponse<String> response = server.post(PATH, "{" + ASK + "}");
        assertEquals(200, response.statusCode());
        assertEquals("application/json", response.headers().firstValue("content-type").orElse(""));
        assertEquals("""
                {"id":"chatcmpl-1","object":"chat.completion","created":1750000000,"model":"tiny","system_fingerprint":"fp-1",\
                "choices":[{"index":0,"message":{"role":"assistant","content":"Hello world","refusal":null},"logprobs":null,\
                "finish_reason":"stop"}],"usage":{"prompt_tokens":7,"completion_tokens":2,"total_tokens":9,\
                "prompt_tokens_details":{"cached_tokens":3,"audio_tokens":0},"completion_tokens_details":{"reasoning_tokens":0,\
                "audio_tokens":0,"accepted_prediction_tokens":0,"rejected_prediction_tokens":0}}}""", response.body());
    }

    @Test
    void aResponseNamesItselfAndSaysHowLongItTook() {
        HttpResponse<String> response = server.post(PATH, "{" + ASK + "}");
        assertEquals("req-1", response.headers().firstValue("x-request-id").orElse(""));
        assertTrue(response.headers().firstValue("openai-processing-ms").orElse("").matches("\\d+"));
        assertEquals("req-1", server.controller.asked.getFirst().context().id());
    }

    @Test
    void aStreamHasRoleDeltasFinishUsageAndDone() {
        HttpResponse<String> response = server.post(PATH,
                "{" + ASK + ",\"stream\":true,\"stream_options\":{\"include_usage\":true}}");
        assertEquals("text/event-stream; charset=utf-8", response.headers().firstValue("content-type").orElse(""));
        assertEquals("no-cache, no-transform", response.headers().firstValue("cache-control").orElse(""));
        assertEquals("no", response.headers().firstValue("x-accel-buffering").orElse(""));
        String head = "data: {\"id\":\"chatcmpl-1\",\"object\":\"chat.completion.chunk\",\"created\":1750000000,"
                + "\"model\":\"tiny\",\"system_fingerprint\":\"fp-1\",\"choices\":[";
        String tail = ",\"finish_reason\":null}],\"usage\":null}\n\n";
        assertEquals(head + "{\"index\":0,\"delta\":{\"role\":\"assistant\",\"content\":\"\"},\"logprobs\":null" + tail
                + head + "{\"index\":0,\"delta\":{\"content\":\"Hello\"},\"logprobs\":null" + tail
                + head + "{\"index\":0,\"delta\":{\"content\":\" world\"},\"logprobs\":null" + tail
                + head + "{\"index\":0,\"delta\":{},\"logprobs\":null,\"finish_reason\":\"stop\"}],\"usage\":null}\n\n"
                + head + "],\"usage\":{\"prompt_tokens\":7,\"completion_tokens\":2,\"total_tokens\":9,"
                + "\"prompt_tokens_details\":{\"cached_tokens\":3,\"audio_tokens\":0},\"completion_tokens_details\":"
                + "{\"reasoning_tokens\":0,\"audio_tokens\":0,\"accepted_prediction_tokens\":0,"
                + "\"rejected_prediction_tokens\":0}}}\n\n"
                + "data: [DONE]\n\n", response.body());
    }

    @Test
    void aStreamWithoutUsageHasNoWordOfIt() {
        String body = server.post(PATH, "{" + ASK + ",\"stream\":true}").body();
        assertTrue(!body.contains("usage") && body.endsWith("data: [DONE]\n\n"), body);
    }

    @Test
    void everyParameterReachesTheWorker() {
        server.post(PATH, """
                {"model":"tiny","messages":[
                  {"role":"developer","content":"Be brief."},
                  {"role":"user","content":[{"type":"text","text":"a"},{"type":"text","text":"b"}]},
                  {"role":"assistant","content":null},
                  {"role":"assistant","content":null,"refusal":"no","tool_calls":[],"annotations":[],"parsed":null},
                  {"role":"tool","content":"4","tool_call_id":"x"}],
                 "temperature":0.5,"top_p":0.25,"top_k":40,"min_p":0.125,"repetition_penalty":1.5,"presence_penalty":-2,
                 "frequency_penalty":2,"logit_bias":{"7":-100,"9":1.5},"seed":-9,"max_completion_tokens":20,"max_tokens":99,
                 "min_tokens":3,"stop":["x","y"],"stop_token_ids":[5],"ignore_eos":true,"logprobs":true,"top_logprobs":2,
                 "chat_template_kwargs":{"enable_thinking":false,"depth":2,"list":[1,null,{"a":0.5}],"none":null},
                 "reasoning_effort":"low","prompt_cache_key":"k","user":"me","safety_identifier":"s","metadata":{"a":"b"},
                 "store":false,"service_tier":"auto","modalities":["text"],"response_format":{"type":"text"},"tools":[],
                 "tool_choice":"none","parallel_tool_calls":true,"prediction":null,"n":1,"verbosity":"medium"}""");
        GenerateRequest asked = server.controller.asked.getFirst();
        GenerateRequest.Chat chat = (GenerateRequest.Chat) asked.input();
        assertEquals(List.of(new Message(Message.Role.SYSTEM, "Be brief."), new Message(Message.Role.USER, "ab"),
                new Message(Message.Role.ASSISTANT, ""), new Message(Message.Role.ASSISTANT, "no"),
                new Message(Message.Role.TOOL, "4")), chat.messages());
        assertEquals("{\"depth\":2,\"enable_thinking\":false,\"list\":[1,null,{\"a\":0.5}],\"reasoning_effort\":\"low\"}",
                Json.sorted(chat.templateArguments()));
        assertEquals(new SamplingParameters(0.5f, 40, 0.25f, 0.125f, 1.5f, -2, 2, Map.of(7, -100f, 9, 1.5f),
                OptionalLong.of(-9)), asked.sampling());
        assertEquals(new GenerateRequest.Limits(20, List.of("x", "y"), List.of(5), 3, true), asked.limits());
        assertEquals(new GenerateRequest.Logprobs(2, false), asked.logprobs());
        assertEquals("k", asked.context().prefixHint());
    }

    @Test
    void whereARequestSaysNothingTheModelsSamplingHolds() {
        server.controller.serve(FakeController.OPINIONATED);
        String ask = ASK.replace("tiny", "cool");
        server.post(PATH, "{" + ask + "}");
        assertEquals(new SamplingParameters(0.25f, 20, 0.75f, 0, 1.5f, 0, 0, Map.of(), OptionalLong.empty()),
                server.controller.asked.get(0).sampling());
        server.post(PATH, "{" + ask + ",\"temperature\":1,\"top_k\":0,\"top_p\":1,\"repetition_penalty\":1,\"min_p\":0.5}");
        assertEquals(new SamplingParameters(1, 0, 1, 0.5f, 1, 0, 0, Map.of(), OptionalLong.empty()),
                server.controller.asked.get(1).sampling());
        server.post(PATH, "{" + ask + ",\"temperature\":0,\"top_k\":null}");
        assertEquals(new SamplingParameters(0, 20, 0.75f, 0, 1.5f, 0, 0, Map.of(), OptionalLong.empty()),
                server.controller.asked.get(2).sampling());
    }

    @Test
    void defaultsAreTheProtocols() {
        server.post(PATH, "{" + ASK + ",\"temperature\":null,\"stop\":null,\"max_tokens\":null}");
        GenerateRequest asked = server.controller.asked.getFirst();
        assertEquals(SamplingParameters.PLAIN, asked.sampling());
        assertEquals(GenerateRequest.Limits.tokens(0), asked.limits());
        assertEquals(GenerateRequest.Logprobs.NONE, asked.logprobs());
    }

    @Test
    void severalChoicesHaveConsecutiveSeedsAndCountThePromptOnce() {
        String body = server.post(PATH, "{" + ASK + ",\"n\":3,\"seed\":10}").body();
        assertEquals(List.of(10L, 11L, 12L),
                server.controller.asked.stream().map(it -> it.sampling().seed().orElseThrow()).sorted().toList());
        assertEquals(List.of("req-1-0", "req-1-1", "req-1-2"),
                server.controller.asked.stream().map(it -> it.context().id()).sorted().toList());
        assertEquals(3, Json.read(body).at("/choices").size());
        assertEquals(2, Json.read(body).at("/choices/2/index").intValue());
        assertEquals(7, Json.read(body).at("/usage/prompt_tokens").intValue());
        assertEquals(6, Json.read(body).at("/usage/completion_tokens").intValue());
    }

    @Test
    void logprobsCarryBytesAndTheLikeliestTokens() {
        TokenProbability half = new TokenProbability(3, new byte[] {(byte) 0xe2, (byte) 0x98}, -0.5f,
                List.of(FakeController.token(4, "a", -0.25f), FakeController.token(5, "b", Float.NEGATIVE_INFINITY)));
        server.controller.play(request -> List.of(FakeController.started(), FakeController.delta("", half),
                FakeController.finished(1)));
        String body = server.post(PATH, "{" + ASK + ",\"logprobs\":true,\"top_logprobs\":2}").body();
        assertEquals("""
                {"content":[{"token":"\\\\xe2\\\\x98","logprob":-0.5,"bytes":[226,152],"top_logprobs":[\
                {"token":"a","logprob":-0.25,"bytes":[97]},{"token":"b","logprob":-9999.0,"bytes":[98]}]}],"refusal":null}""",
                Json.read(body).at("/choices/0/logprobs").toString());
    }

    @Test
    void aControlTokenHasANameAndNoBytes() {
        server.controller.play(request -> List.of(FakeController.started(), FakeController.delta("",
                new TokenProbability(2, "<|turn|>".getBytes(StandardCharsets.UTF_8), -0.5f, List.of(), true)),
                FakeController.finished(1)));
        String body = server.post(PATH, "{" + ASK + ",\"logprobs\":true}").body();
        assertEquals("{\"token\":\"<|turn|>\",\"logprob\":-0.5,\"bytes\":[],\"top_logprobs\":[]}",
                Json.read(body).at("/choices/0/logprobs/content/0").toString());
    }
}
