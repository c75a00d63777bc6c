package org.alcove.openai;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.http.HttpResponse;
import java.util.List;
import org.alcove.api.worker.Failure;
import org.alcove.api.worker.GenerationEvent;
import org.alcove.api.worker.RequestException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Requests that a guard refuses, and answers that one ends. */
class GuardedTest {

    private static final String PATH = "/v1/chat/completions";
    private static final String ASK = "{\"model\":\"tiny\",\"messages\":[{\"role\":\"user\",\"content\":\"Hi\"}]";

    private final TestServer server = new TestServer(TestServer.PLAIN);

    @AfterEach
    void stop() {
        server.close();
    }

    @Test
    void aRefusalIsAnErrorAlsoWhereAStreamWasAskedForAndHasTheGuardsReason() {
        server.controller.play(request -> {
            throw new RequestException(new Failure.Refused("polite", "say please"));
        });
        HttpResponse<String> response = server.post(PATH, ASK + ",\"stream\":true}");
        assertEquals(400, response.statusCode());
        assertEquals("{\"error\":{\"message\":\"say please\",\"type\":\"invalid_request_error\",\"param\":null,"
                + "\"code\":\"content_filter\"}}", response.body());
    }

    /** A guard ends the second of two choices; the first goes on to its end. */
    @Test
    void anAnswerThatAGuardEndsSaysSoAndKeepsWhatWasSent() {
        server.controller.play(request -> server.controller.asked.size() % 2 == 1 ? FakeController.answer("Hello", " world")
                : List.of(FakeController.started(), FakeController.delta("Hel"), new GenerationEvent.Finished(
                        GenerationEvent.Reason.CONTENT_FILTER, new GenerationEvent.Usage(7, 0, 2))));
        String two = ASK + ",\"stream\":true,\"n\":2,\"stream_options\":{\"include_usage\":true}}";
        String stream = server.post(PATH, two).body();
        assertTrue(stream.contains("\"index\":1,\"delta\":{\"content\":\"Hel\"}"), stream);
        assertTrue(stream.contains("\"index\":1,\"delta\":{},\"logprobs\":null,\"finish_reason\":\"content_filter\""), stream);
        assertTrue(stream.contains("\"index\":0,\"delta\":{},\"logprobs\":null,\"finish_reason\":\"stop\""), stream);
        assertTrue(stream.contains("\"prompt_tokens\":7,\"completion_tokens\":4,"), stream);
        assertTrue(stream.endsWith("data: [DONE]\n\n"), stream);
        String whole = server.post("/v1/completions", "{\"model\":\"tiny\",\"prompt\":[\"a\",\"b\"]}").body();
        assertTrue(whole.contains("\"text\":\"Hel\""), whole);
        assertTrue(whole.contains("\"finish_reason\":\"content_filter\""), whole);
    }
}
