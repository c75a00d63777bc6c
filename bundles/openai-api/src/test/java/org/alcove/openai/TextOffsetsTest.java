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

    private static TokenProbability control(String name) {
        return new TokenProbability(2, name.getBytes(StandardCharsets.UTF_8), -1, List.of(), true);
    }

    private static List<TokenProbability> tokens(String... texts) {
        return Stream.of(texts).map(text -> FakeController.token(5, text, -1)).toList();
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
    void tokensOfATextThatTheTokenizerNormalizesStandWhereTheyStoodInIt() {
        GenerationEvent answer = FakeController.delta(" x", tokens(" x").getFirst());
        assertEquals("e\u0301 the cat x [0,2,6,7,8,9,10]", places("\"e\\u0301 the cat\"",
                tokens("\u00e9", " the", " ", "c", "a", "t"), answer));
        assertEquals("\ufb01 fi x [0,0,1,2,3,4]", places("\"\ufb01 fi\"", tokens("f", "i", " ", "f", "i"), answer));
        assertEquals("\u1112\u1161\u11ab a x [0,0,3,5]", places("\"\u1112\u1161\u11ab a\"",
                List.of(token("\u00ed\u0095"), token("\u009c"), tokens(" a").getFirst()), answer));
    }

    @Test
    void anAnswerBeginsBehindATextOfWhichNoTokenIsFound() {
        assertEquals("HELLO! x [0,0,6,7]", places("\"HELLO!\"", tokens("hell", "o?"),
                FakeController.delta(" x", tokens(" ", "x").toArray(TokenProbability[]::new))));
    }

    @Test
    void controlTokensAddNothingToAText() {
        assertEquals("<s>b [0,0,1,2,3,3]", places("\"<s>\"",
                Stream.concat(Stream.of(control("<s>")), tokens("<", "s", ">").stream()).toList(),
                FakeController.delta("", control("<|turn|>")), FakeController.delta("b", token("b"))));
        assertEquals("ab [0,0,0,1,1]", places("\"x\"", List.of(), FakeController.delta("", control("<|turn|>")),
                FakeController.delta("", control("<|turn|>")), FakeController.delta("a", token("a")),
                FakeController.delta("", control("<s>")), FakeController.delta("b", token("b"))));
    }

    @Test
    void controlTokensOfAPromptOfIdsAreSpelledInItsText() {
        assertEquals("<s>ab [0,3,4]", places("[1,5]", List.of(control("<s>"), token("a")),
                FakeController.delta("b", token("b"))));
    }

    @Test
    void anAnswerToTextsBeginsBehindThem() {
        assertEquals("\u00e9x [0,1]", places("\"\u00e9\"", Stream.of("\u00c3\u00a9").map(TextOffsetsTest::token).toList(),
                FakeController.delta("x", token("x"))));
        assertEquals(GenerateRequest.Text.class, server.controller.asked.getLast().input().getClass());
    }
}
