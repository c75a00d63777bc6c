package org.alcove.distribution;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.openai.client.OpenAIClient;
import com.openai.client.okhttp.OpenAIOkHttpClient;
import com.openai.core.http.StreamResponse;
import com.openai.errors.BadRequestException;
import com.openai.models.chat.completions.ChatCompletion;
import com.openai.models.chat.completions.ChatCompletionChunk;
import com.openai.models.chat.completions.ChatCompletionCreateParams;
import com.openai.models.completions.Completion;
import com.openai.models.completions.CompletionCreateParams;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code com.openai:openai-java} against a server started from the script. */
class JavaClientIT {

    private static final String PROMPT = "Lily and Tom went to the park";
    private static final int GOLDEN_CASE = 1;

    @TempDir
    static Path data;
    private static ServerProcess server;
    private static OpenAIClient client;

    @BeforeAll
    static void start() throws IOException {
        server = ServerProcess.serve(Distribution.home(), data, "--model", Distribution.smallModel().toString());
        client = OpenAIOkHttpClient.builder().baseUrl(server.url() + "/v1").apiKey("none").maxRetries(0).build();
    }

    @AfterAll
    static void stop() {
        if (server != null) {
            client.close();
            server.close();
        }
    }

    private static String golden() throws IOException {
        Path file = Distribution.shared("data/models/stories260K/greedy.json");
        return new ObjectMapper().readTree(file.toFile()).get(GOLDEN_CASE).get("greedy").textValue();
    }

    private static CompletionCreateParams.Builder completion() {
        return CompletionCreateParams.builder().model("stories260K").prompt(PROMPT).temperature(0).maxTokens(64);
    }

    private static ChatCompletionCreateParams.Builder chat() {
        return ChatCompletionCreateParams.builder().model("stories260K").addUserMessage(PROMPT).temperature(0)
                .maxCompletionTokens(32);
    }

    @Test
    void aCompletionEqualsTheGoldenText() throws IOException {
        Completion completion = client.completions().create(completion().build());
        assertEquals(golden(), completion.choices().getFirst().text());
        assertEquals(64, completion.usage().orElseThrow().completionTokens());
    }

    @Test
    void aStreamedCompletionEqualsTheGoldenText() throws IOException {
        StringBuilder text = new StringBuilder();
        try (StreamResponse<Completion> chunks = client.completions().createStreaming(completion().build())) {
            chunks.stream().forEach(chunk -> text.append(chunk.choices().getFirst().text()));
        }
        assertEquals(golden(), text.toString());
    }

    @Test
    void aChatIsAnsweredStreamingAndNot() throws IOException {
        ChatCompletion whole = client.chat().completions().create(chat().build());
        String answer = whole.choices().getFirst().message().content().orElseThrow();
        assertFalse(answer.isEmpty());
        assertTrue(golden().startsWith(answer), answer);
        StringBuilder text = new StringBuilder();
        try (StreamResponse<ChatCompletionChunk> chunks = client.chat().completions().createStreaming(chat().build())) {
            chunks.stream().forEach(chunk -> chunk.choices().getFirst().delta().content().ifPresent(text::append));
        }
        assertEquals(answer, text.toString());
    }

    @Test
    void modelsAreListed() {
        assertEquals("stories260K", client.models().list().data().getFirst().id());
        assertEquals("stories260K", client.models().retrieve("stories260K").id());
    }

    @Test
    void anAnswerThatDoesNotFitTheContextIsAnErrorWithBothNumbers() {
        CompletionCreateParams tooLong = completion().maxTokens(100_000).build();
        BadRequestException error = assertThrows(BadRequestException.class, () -> client.completions().create(tooLong));
        assertTrue(error.getMessage().contains("100000") && error.getMessage().contains("512"), error.getMessage());
    }
}
