package org.alcove.openai;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import java.time.Duration;
import java.util.List;
import org.alcove.api.worker.Failure;
import org.alcove.api.worker.GenerateRequest;
import org.alcove.api.worker.GenerationEvent;
import org.alcove.api.worker.RequestException;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** One of several prompts is refused. */
class RefusedPromptTest {

    private static final Failure LONG = new Failure.ContextOverflow(1100, 3, 1024);

    private final TestServer server = new TestServer(TestServer.PLAIN);

    @AfterEach
    void stop() {
        server.close();
    }

    /** Refuses the prompt "bad" for this reason. */
    private void refuse(Failure failure) {
        server.controller.refuse = request -> {
            if (((GenerateRequest.Text) request.input()).text().equals("bad")) {
                throw new RequestException(failure);
            }
        };
    }

    private String post(String fields) {
        return server.post("/v1/completions", "{\"model\":\"tiny\"," + fields + "}").body();
    }

    private static String told(String answer) {
        JsonNode error = Json.read(answer).get("error");
        return error.get("param").asText() + " | " + error.get("message").textValue();
    }

    @Test
    void theErrorNamesThePromptThatIsAtFault() {
        refuse(LONG);
        String expected = "prompt[1] | prompt[1]: " + LONG.message();
        assertEquals(expected, told(post("\"prompt\":[\"a\",\"bad\",\"c\"],\"n\":2")));
        assertEquals(expected, told(post("\"prompt\":[\"a\",\"bad\"],\"stream\":true")));
        assertEquals("prompt[30] | prompt[30]: " + LONG.message(),
                told(post("\"prompt\":[" + "\"a\",".repeat(30) + "\"bad\"]")));
        for (Failure failure : List.of(new Failure.Invalid("prompt", "no tokens"), new Failure.Unsupported("prompt", "no ids"),
                new Failure.Refused("guard", "no"))) {
            refuse(failure);
            assertEquals("prompt[1] | prompt[1]: " + failure.message(), told(post("\"prompt\":[\"a\",\"bad\"]")));
        }
    }

    @Test
    void aPromptWhoseAnswerFailsIsNamedToo() {
        server.controller.play(request -> ((GenerateRequest.Text) request.input()).text().equals("bad")
                ? List.of(FakeController.started(), new GenerationEvent.Failed(LONG)) : FakeController.answer("x"));
        assertEquals("prompt[1] | prompt[1]: " + LONG.message(), told(post("\"prompt\":[\"a\",\"bad\"]")));
    }

    @Test
    void anOnlyPromptAndFaultsOfNoPromptAreToldWithoutAPlace() {
        refuse(LONG);
        assertEquals("null | " + LONG.message(), told(post("\"prompt\":\"bad\",\"n\":2")));
        assertEquals("null | " + LONG.message(), told(post("\"prompt\":[\"bad\"]")));
        for (Failure failure : List.of(new Failure.Invalid("seed", "odd"), new Failure.Unavailable(Duration.ZERO, "gone"),
                new Failure.Internal("broken"))) {
            refuse(failure);
            String told = told(post("\"prompt\":[\"a\",\"bad\"]"));
            assertTrue(told.endsWith(" | " + failure.message()) && !told.contains("prompt"), told);
        }
    }
}
