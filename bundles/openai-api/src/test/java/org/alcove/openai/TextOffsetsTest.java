package org.alcove.openai;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.alcove.api.worker.GenerateRequest;
import org.alcove.api.worker.GenerationEvent;
import org.alcove.api.worker.TokenProbability;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Places of tokens in texts whose bytes are no whole characters, which are shown as U+FFFD. */
class TextOffsetsTest {

    private final TestServer server = new TestServer(TestServer.PLAIN);

    @AfterEach
    void stop() {
        server.close();
    }

    /** Each character is a byte. */
    private static TokenProbability token(String bytes) {
        return new TokenProbability(7, bytes.getBytes(StandardCharsets.ISO_8859_1), -1, List.of());
    }

    private String places(String prompt, List<TokenProbability> scored, GenerationEvent... written) {
        List<GenerationEvent> events = new ArrayList<>(List.of(FakeController.started()));
        if (!scored.isEmpty()) {
            events.add(new GenerationEvent.PromptScored(scored));
        }
        events.addAll(List.of(written));
        events.add(FakeController.finished(written.length));
        server.controller.play(request -> events);
        String answer = server.post("/v1/completions", "{\"model\":\"tiny\",\"prompt\":" + prompt + ",\"logprobs\":0,\"echo\":"
                + !scored.isEmpty() + "}").body();
        var choice = Json.read(answer).at("/choices/0");
        return choice.get("text").textValue() + " " + choice.at("/logprobs/text_offset");
    }

    @Test
    void bytesThatBeginNoCharacterStandWhereTheirSignStands() {
        assertEquals("\ufffd\ufffd\ufffd [0,1,2]", places("\"x\"", List.of(), FakeController.delta("\ufffd\ufffd\ufffd",
                token("\u00bb"), token("\u00bb"), token("\u00bb"))));
    }

    @Test
    void aPromptOfIdsMayHoldBrokenCharacters() {
        assertEquals("\u0001\ufffd question owo, [0,1,2,11,14]", places("[5,200,600,601]",
                Stream.of("\u0001", "\u00c3", " question", " ow").map(TextOffsetsTest::token).toList(),
                FakeController.delta("o,", token("o,"))));
    }

    @Test
    void aPromptThatEndsInsideACharacterEndsWithItsSign() {
        assertEquals("a\ufffd\ufffdb [0,1,2,3]", places("[1,2]",
                Stream.of("a", "\u00e2\u0098").map(TextOffsetsTest::token).toList(),
                FakeController.delta("\ufffd", token("\u0083")), FakeController.delta("b", token("b"))));
    }

    @Test
    void aCharacterOfSeveralTokensIsOnePlaceAndABrokenOneEndsWhereTheNextBegins() {
        assertEquals("\u2603a\ufffd\u00e9\ud83d\ude00! [0,0,0,1,2,3,4,4,5]", places("\"x\"", List.of(),
                FakeController.delta("\u2603a\ufffd\u00e9\ud83d\ude00!",
                        Stream.of("\u00e2", "\u0098", "\u0083", "a", "\u00e2\u0098", "\u00c3\u00a9", "\u00f0\u009f",
                                "\u0098\u0080", "!").map(TextOffsetsTest::token).toArray(TokenProbability[]::new))));
    }

    @Test
    void anAnswerToTextsBeginsBehindThem() {
        assertEquals("\u00e9x [0,1]", places("\"\u00e9\"", Stream.of("\u00c3\u00a9").map(TextOffsetsTest::token).toList(),
                FakeController.delta("x", token("x"))));
        assertEquals(GenerateRequest.Text.class, server.controller.asked.getLast().input().getClass());
    }
}
